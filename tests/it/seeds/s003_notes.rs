//! Seed 003: notes on one-to-many (authors of books) and many-to-many (publishers of books).

/// "One author can write many books and one book can be written by only one author."
mod one_to_many {
    use crate::seeds::shown;
    use orm::assert_num_queries;
    use orm::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(app = "notes_authors", ordering = ["id"], display = "{name}")]
    pub struct Author {
        pub id: i64,
        #[field(max_length = 255)]
        pub name: String,
        #[field(auto_now_add)]
        pub created_at: DateTime<Utc>,
        #[field(auto_now)]
        pub updated_at: DateTime<Utc>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(app = "notes_authors", ordering = ["id"], display = "{title}")]
    pub struct Book {
        pub id: i64,
        #[field(max_length = 255)]
        pub title: String,
        #[field(related_name = "books", on_delete = CASCADE)]
        pub author: ForeignKey<Author>,
        #[field(auto_now_add)]
        pub created_at: DateTime<Utc>,
        #[field(auto_now)]
        pub updated_at: DateTime<Utc>,
    }

    /// Two authors, and four books so that the next one is book 5.
    async fn shelf(db: &Db) -> orm::Result<()> {
        let jane = Author::create().name("Jane Austen").save(db).await?;
        Author::create().name("Louisa May Alcott").save(db).await?;
        for title in ["Emma", "Persuasion", "Mansfield Park", "Northanger Abbey"] {
            Book::create().title(title).author(&jane).save(db).await?;
        }
        Ok(())
    }

    #[orm::test(apps = ["notes_authors"])]
    async fn creating(db: Db) -> orm::Result<()> {
        shelf(&db).await?;
        let this_author = Author::objects().get(&db, q!(id = 2)).await?;
        let my_book = Book::create()
            .title("Little Women")
            .author(&this_author)
            .save(&db)
            .await?;
        assert_eq!(my_book.author.pk(), 2);
        assert_eq!(my_book.author(&db).await?, this_author);
        // or in one line...
        let my_book = Book::create()
            .title("Little Women")
            .author(&Author::objects().get(&db, q!(id = 2)).await?)
            .save(&db)
            .await?;
        assert_eq!(my_book.author.pk(), 2);
        // and here without asking for the author, since it is the key that is stored
        let my_book = Book::create().title("Little Women").author(2).save(&db).await?;
        assert_eq!(my_book.author(&db).await?, this_author);
        Ok(())
    }

    #[orm::test(apps = ["notes_authors"])]
    async fn reading(db: Db) -> orm::Result<()> {
        shelf(&db).await?;
        Book::create().title("Little Women").author(2).save(&db).await?;
        let some_book = Book::objects().get(&db, q!(id = 5)).await?;
        assert_eq!(some_book.title, "Little Women");
        let author = some_book.author(&db).await?;
        assert_eq!(author.name, "Louisa May Alcott");
        assert_eq!(author.id, 2);
        // The author in the same query, as a part of the row's type.
        let (some_book, author) = Book::objects()
            .select_related(|b| b.author())
            .get(&db, q!(id = 5))
            .await?;
        assert_eq!(
            (some_book.title.as_str(), author.name.as_str()),
            ("Little Women", "Louisa May Alcott")
        );

        let this_author = Author::objects().get(&db, q!(id = 2)).await?;
        let books = Book::objects().filter(q!(author = &this_author)).all(&db).await?;
        assert_eq!(shown(&books), "[<Book: Little Women>]");
        // one-line version, where the author is a query in the query
        let books = Book::objects()
            .filter(q!(author__in = Author::objects().filter(q!(id = 2))))
            .all(&db)
            .await?;
        assert_eq!(shown(&books), "[<Book: Little Women>]");
        assert_eq!(shown(&this_author.books().all(&db).await?), "[<Book: Little Women>]");
        Ok(())
    }

    /// The view and its template: the authors, each with the books.
    #[orm::test(apps = ["notes_authors"])]
    async fn a_page(db: Db) -> orm::Result<()> {
        shelf(&db).await?;
        Book::create().title("Little Women").author(2).save(&db).await?;
        let mut page = String::from("<h1>Author List</h1>\n<ul>\n");
        // Where the template asks once for each author, this asks once for all of them.
        let authors: Vec<(Author, Vec<Book>)> = assert_num_queries!(db, 2, {
            Author::objects().prefetch_related(|a| a.books()).all(&db).await?
        });
        for (author, books) in authors {
            let books: Vec<String> = books
                .iter()
                .map(|book| format!("<li><em>{}</em></li>", book.title))
                .collect();
            page += &format!("  <li>{}<ul>{}</ul></li>\n", author.name, books.concat());
        }
        page += "</ul>";
        assert_eq!(
            page,
            "<h1>Author List</h1>\n<ul>\n  \
             <li>Jane Austen<ul><li><em>Emma</em></li><li><em>Persuasion</em></li><li><em>Mansfield Park</em></li>\
             <li><em>Northanger Abbey</em></li></ul></li>\n  \
             <li>Louisa May Alcott<ul><li><em>Little Women</em></li></ul></li>\n</ul>"
        );
        Ok(())
    }

    #[orm::test(apps = ["notes_authors"])]
    async fn an_author_goes_with_the_books(db: Db) -> orm::Result<()> {
        shelf(&db).await?;
        let jane = Author::objects().get(&db, q!(id = 1)).await?;
        let deleted = jane.delete(&db).await?;
        assert_eq!(deleted.total, 5);
        assert!(!Book::objects().exists(&db).await?);
        Ok(())
    }
}

/// "Each publisher can publish many books, and each book can be published by many publishers."
mod many_to_many {
    use crate::seeds::shown;
    use orm::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(app = "notes_publishers", ordering = ["id"], display = "{title}")]
    pub struct Book {
        pub id: i64,
        #[field(max_length = 255)]
        pub title: String,
        #[field(auto_now_add)]
        pub created_at: DateTime<Utc>,
        #[field(auto_now)]
        pub updated_at: DateTime<Utc>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(app = "notes_publishers", ordering = ["id"], display = "{name}")]
    pub struct Publisher {
        pub id: i64,
        #[field(max_length = 255)]
        pub name: String,
        #[field(related_name = "publishers")]
        pub books: ManyToMany<Book>,
        #[field(auto_now_add)]
        pub created_at: DateTime<Utc>,
        #[field(auto_now)]
        pub updated_at: DateTime<Utc>,
    }

    #[orm::test(apps = ["notes_publishers"])]
    async fn adding_and_removing(db: Db) -> orm::Result<()> {
        for title in ["Emma", "Persuasion", "Little Women", "Middlemarch"] {
            Book::create().title(title).save(&db).await?;
        }
        for name in ["Penguin", "Vintage"] {
            Publisher::create().name(name).save(&db).await?;
        }
        let this_book = Book::objects().get(&db, q!(id = 4)).await?;
        let this_publisher = Publisher::objects().get(&db, q!(id = 2)).await?;

        // 2 options that do the same thing
        this_publisher.books().add(&db, &this_book).await?;
        assert_eq!(shown(&this_publisher.books().all(&db).await?), "[<Book: Middlemarch>]");
        assert_eq!(shown(&this_book.publishers().all(&db).await?), "[<Publisher: Vintage>]");
        // OR
        this_book.publishers().add(&db, &this_publisher).await?;
        assert_eq!(shown(&this_publisher.books().all(&db).await?), "[<Book: Middlemarch>]");
        assert_eq!(shown(&this_book.publishers().all(&db).await?), "[<Publisher: Vintage>]");

        // And to remove a relationship between two existing records
        this_publisher.books().remove(&db, &this_book).await?;
        assert_eq!(shown(&this_publisher.books().all(&db).await?), "[]");
        assert_eq!(shown(&this_book.publishers().all(&db).await?), "[]");
        // OR
        this_book.publishers().add(&db, &this_publisher).await?;
        this_book.publishers().remove(&db, &this_publisher).await?;
        assert_eq!(shown(&this_publisher.books().all(&db).await?), "[]");
        assert_eq!(shown(&this_book.publishers().all(&db).await?), "[]");
        Ok(())
    }
}
