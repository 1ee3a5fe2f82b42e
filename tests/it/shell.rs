//! The query shell: Django's spelling, Python's answers.

use super::dice::Dice;
use super::models::*;
use orm::prelude::*;
use orm::shell::{Answer, Shell};

/// What the prompt shows for a text, or its error.
pub async fn shown(shell: &mut Shell, text: &str) -> String {
    match shell.run(text).await {
        Ok(Answer::Value(value)) => shell.printed(&value).await.unwrap_or_else(|error| error.to_string()),
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

/// A shell over the shop and its [`data`].
pub async fn shop(db: &Db) -> orm::Result<Shell> {
    data(db).await?;
    let models: Vec<_> = orm::registry::models()
        .iter()
        .filter(|model| model.app == "shop")
        .copied()
        .collect();
    Ok(Shell::new(db.clone(), &models))
}

/// Asserts what each text shows.
macro_rules! shows {
    ($shell:expr; $($text:expr => $expected:expr;)*) => {
        $(assert_eq!(shown(&mut $shell, $text).await, $expected, "{}", $text);)*
    };
}
pub(crate) use shows;

#[orm::test(apps = ["shop"])]
async fn rows_and_values(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "Book.objects.count()" => "4";
        "Book.objects.values_list(\"title\", flat=True).order_by(\"-title\")[:2]" => "<QuerySet ['Poems', 'Logic']>";
        "Book.objects.values(\"title\", \"price\")[1:2]" => "<QuerySet [{'title': 'Poems', 'price': Decimal('7.00')}]>";
        "Book.objects.filter(publisher__name__startswith=\"N\").exists()" => "True";
        "Book.objects.get(title='Logic').published" => "datetime.date(2020, 5, 17)";
        "Book.objects.get(title='Logic').publisher.city.country.code" => "'FR'";
        "Book.objects.filter(published=datetime.date(2020, 5, 17)).count()" => "1";
        "Book.objects.none()" => "<QuerySet []>";
        "Book.objects.values_list('pk', 'title').get(title='Logic')[1]" => "'Logic'";
        "a = Author.objects.get(name='Ada'); a.books.values_list('title', flat=True)" => "<QuerySet ['Logic', 'Atlas']>";
        "list(Author.objects.order_by('-name').values_list('name', flat=True))[::2]" => "['Cleo', 'Ada']";
        "Book.objects.get(title='Logic').authors.count()" => "2";
        "Book.objects.first().get_genre_display()" => "'Science'";
        "Book.objects.in_bulk([])" => "{}";
        "Book.objects.order_by('pk')[100]" => "IndexError: list index out of range";
        "Book.objects.filter(Q(title='Logic') | ~Q(pages__lt=100)).count() > 0" => "SyntaxError: invalid syntax: there are no comparisons here, and a keyword argument has one `=`";
        "Book.objects.filter(Q(title='Logic') | Q(title='Atlas')).count()" => "2";
        "Book.objects.filter(pages__gt=F('pages') - 1).count()" => "4";
        "Book.objects.aggregate(Max('pages'), least=Min('pages'))" => "{'pages__max': 600, 'least': 0}";
        "Author.objects.annotate(n=Count('books')).get(name='Ada').n" => "2";
        "Book.objects.aggregate(Variance('pages'), v=Variance('pages', sample=True))" => "{'pages__variance': 53268.75, 'v': 71025.0}";
        "Book.objects.aggregate(StdDev('rating', filter=Q(pages__gt=0)), d=StdDev('rating', default=1.5, filter=Q(pages=1)))" => "{'rating__stddev': 0.75, 'd': 1.5}";
        "Book.objects.annotate(x=F('pages').bitxor(5), y=F('pages') ** 2, z=7 % F('pages')).values_list('x', 'y', 'z').get(title='Logic')" => "(297, 90000.0, 7)";
        "Book.objects.annotate(x=F('pages').bitand(F('pages')).bitor(1).bitleftshift(2).bitrightshift(1)).get(title='Logic').x" => "602";
        "Book.objects.filter(pages=F('pages') ** 1, rating=F('rating') ** 1).count()" => "2";
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn filtered_relations(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "p = Publisher.objects.annotate(f=FilteredRelation('books', condition=Q(books__pages__lt=400))).order_by('name')" => "";
        "p.annotate(n=Count('f')).values_list('name', 'n')" => "<QuerySet [('North', 2), ('South', 0)]>";
        "p.filter(f__isnull=True)" => "<QuerySet [<Publisher: South>]>";
        "p.filter(f__genre='sci').count()" => "1";
        "p.exclude(f__genre='sci')" => "<QuerySet [<Publisher: South>]>";
        "p.exclude(f__isnull=True)" => "<QuerySet [<Publisher: North>]>";
        "p.filter(Q(f__title='Logic') | Q(name='South')).values('name', 'f__title')" => "<QuerySet [{'name': 'North', 'f__title': 'Logic'}, {'name': 'South', 'f__title': None}]>";
        "p.filter(f__isnull=False).count()" => "2";
        "p.filter(f__isnull=False).exists()" => "True";
        "p.aggregate(n=Sum('f__pages'))" => "{'n': 390}";
        "p.annotate(g=FilteredRelation('f__reviews', condition=Q(f__reviews__stars__gt=3))).annotate(n=Count('g')).values_list('name', 'n')" => "<QuerySet [('North', 2), ('South', 0)]>";
        "Publisher.objects.filter(pk__in=p.filter(f__isnull=False))" => "<QuerySet [<Publisher: North>]>";
        "p.filter(g=1)" => "FieldError: Cannot resolve keyword \"g\" into field of Publisher. Choices are: books, city, city_id, f, id, name";
        "p.only('f__title')" => "ValueError: only() is not supported with FilteredRelation.";
        "p.prefetch_related('f')" => "ValueError: prefetch_related() is not supported with FilteredRelation.";
        "Publisher.objects.all() | p" => "TypeError: Cannot combine queries where the second has filtered relations.";
        "(p | Publisher.objects.filter(name='South')).count()" => "2";
        "Publisher.objects.annotate(name=FilteredRelation('books'))" => "ValueError: The annotation 'name' conflicts with a field on the model.";
        "Publisher.objects.annotate(FilteredRelation('books'))" => "TypeError: Complex annotations require an alias";
        "Publisher.objects.filter(FilteredRelation('books'))" => "TypeError: A FilteredRelation is no value: annotate() and alias() give it a name.";
        "Publisher.objects.annotate(f=FilteredRelation('books__gt'))" => "ValueError: FilteredRelation's relation_name cannot contain lookups (got 'books__gt').";
        "Publisher.objects.annotate(f=FilteredRelation('books', condition=Q(books__authors__age=3)))" => "ValueError: FilteredRelation's condition doesn't support nested relations deeper than the relation_name (got 'books__authors__age' for 'books').";
        "Publisher.objects.annotate(f=FilteredRelation('books', condition=Q(city__name__contains='x')))" => "ValueError: FilteredRelation's condition doesn't support relations outside the 'books' (got 'city__name__contains').";
        "Publisher.objects.annotate(f=FilteredRelation('books', condition=Q(books__in=Book.objects.all())))" => "ValueError: Passing a QuerySet within a FilteredRelation is not supported.";
        "FilteredRelation('books', condition=3)" => "ValueError: condition argument must be a Q() instance.";
        "FilteredRelation('')" => "ValueError: relation_name cannot be empty.";
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn mistakes_are_told_as_python_does(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "Author.object" => "AttributeError: type object 'Author' has no attribute 'object'. Did you mean: 'objects'?";
        "Author.objects.value()" => "AttributeError: 'Manager' object has no attribute 'value'. Did you mean: 'values'?";
        "Author.objects.all().save()" => "AttributeError: 'QuerySet' object has no attribute 'save'";
        "auth = Author.objects.filter(name='Ada')" => "";
        "auth.name = 'Eve'" => "";
        "auth.first.name = 'Eve'" => "AttributeError: 'method' object has no attribute 'name'";
        "Books.objects" => "NameError: name 'Books' is not defined. Did you mean: 'Book'?";
        "Author.objects.get(pk=0)" => "DoesNotExist: Author matching query does not exist.";
        "Author.objects.order_by('pk')[:-1]" => "ValueError: Negative indexing is not supported.";
        "Author.objects.filter(1)" => "TypeError: cannot unpack non-iterable int object";
        "Author.objects.count(1)" => "TypeError: count() takes 0 positional arguments but 1 was given";
        "datetime.date(2020, 13, 1)" => "ValueError: month must be in 1..12";
        "Book.objects.aggregate(StdDev('pages', distinct=True))" => "TypeError: StdDev does not allow distinct.";
        "Book.objects.annotate(x=F('rating').bitand(1))" => "FieldError: Cannot infer type of '&' expression involving these types: FloatField, IntegerField. You must set output_field.";
        "F('pages') & F('pages')" => "NotImplementedError: Use .bitand(), .bitor(), and .bitxor() for bitwise logical operations.";
        "1 + 'a'" => "TypeError: unsupported operand type(s) for +: 'int' and 'str'";
        "Author.objects.filter(name='x'" => "SyntaxError: '(' was never closed";
        "Shop.objects.get(pk=0)\nBook.objects.count()" => "DoesNotExist: Shop matching query does not exist.";
        "Author.objects.get(name='Bob').shop" => "RelatedObjectDoesNotExist: Author has no shop.";
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn nothing_grows_beyond_bounds(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    let grown = [
        ("q = Q(pages=1)", "q = q | Q(pages=1)"),
        ("q = Q(pages=1)", "q = ~(q | q)"),
        ("q = []", "q = [q, q]"),
        ("q = 'a'", "q = q + q"),
        ("q = F('pages')", "q = q + q"),
        ("q = Book.objects.all()", "q = Book.objects.filter(pk__in=q)"),
        ("q = Book.objects.all()", "q = q.filter(pk__in=q)"),
        ("q = 3", "q = q ** 2"),
    ];
    for (first, again) in grown {
        shell.run(first).await.unwrap();
        let mut ended = String::new();
        for _ in 0..2_000 {
            if let Err(error) = shell.run(again).await {
                ended = error.to_string();
                break;
            }
        }
        assert!(
            ended.contains("Error: ") || again == "q = q | Q(pages=1)",
            "{again}: {ended}"
        );
        let printed = shown(&mut shell, "q").await;
        assert!(printed.len() < 2_000_000, "{again}");
        shown(&mut shell, "Book.objects.filter(q)").await;
    }
    // Rows that lead to rows are let go of without recursion.
    shell.run("h = p = Book.objects.get(title='Logic')").await.unwrap();
    for _ in 0..1_000 {
        shell
            .run("n = Book.objects.get(title='Logic'); p.x = n; p = n")
            .await
            .unwrap();
    }
    shell.run("h = 1; p = 1; n = 1").await.unwrap();
    Ok(())
}

const PIECES: &[&str] = &[
    "Book",
    "Author",
    ".objects",
    ".filter(",
    ".exclude(",
    ".annotate(",
    ".values(",
    ".order_by(",
    ".get(",
    ".first()",
    ".count()",
    ".aggregate(",
    ".books",
    ".publisher",
    ".save()",
    ".delete()",
    ".refresh_from_db()",
    ".create(title=",
    ".get_or_create(",
    ".bulk_create([",
    ".update(pages=",
    ".authors.add(",
    ".authors.set([",
    ".clear()",
    "transaction.atomic()",
    ".__enter__()",
    ".__exit__(None, None, None)",
    "Book(title=\"x\")",
    "x, y = ",
    "[0]",
    "[1:3]",
    "[::2]",
    "[-1]",
    "Q(",
    "F(\"pages\")",
    "Count(\"authors\")",
    "~",
    "-",
    "+",
    "*",
    "**",
    "|",
    "&",
    "^",
    "(",
    ")",
    ")",
    ")",
    ",",
    "=",
    "title",
    "__in",
    "__year",
    "__",
    "\"x\"",
    "[]",
    "None",
    "True",
    "1",
    "2.5",
    "10**30",
    "b\"\\xff\"",
    "{\"a\": 1}",
    "datetime.date(2020, 1, 31)",
    "datetime.timedelta(days=1)",
    "Decimal(\"1.5\")",
    "utc",
    "x = ",
    "x",
    "; ",
    ".pk",
    ".name = ",
    "é",
    "\\",
    "'",
    "\n",
];

/// Texts put together from pieces, and recorded ones with pieces put in: each is answered at once.
#[orm::test(apps = ["shop"])]
async fn no_text_makes_it_panic_or_hang(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let recorded = concat!(include_str!("shell.rs"), include_str!("shell_writes.rs"));
    let recorded: Vec<&str> = recorded
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split("\" =>").next())
        .collect();
    for _ in 0..5_000 {
        let mut text: Vec<char> = match dice.throw(3) {
            0 => Vec::new(),
            _ => recorded[dice.throw(recorded.len())]
                .replace("\\\"", "\"")
                .chars()
                .collect(),
        };
        for _ in 0..=dice.throw(if text.is_empty() { 12 } else { 3 }) {
            let at = if text.is_empty() { 0 } else { dice.throw(text.len() + 1) };
            match dice.throw(4) {
                0 => drop(text.drain(at..(at + dice.throw(6)).min(text.len()))),
                _ => drop(text.splice(at..at, PIECES[dice.throw(PIECES.len())].chars()).count()),
            }
        }
        let text: String = text.into_iter().collect();
        let start = std::time::Instant::now();
        let shown = shown(&mut shell, &text).await;
        // Much more than any of them takes, on a machine that does something else as well.
        assert!(start.elapsed().as_secs() < 5, "{text}");
        assert!(!shown.contains('\n') || !shown.contains("Error"), "{text}: {shown}");
    }
    Ok(())
}

/// What each text shows, and how many queries it takes.
macro_rules! asks {
    ($db:expr, $shell:expr; $($text:expr => $expected:expr, $queries:expr;)*) => {
        $(
            let capture = $db.capture_queries();
            assert_eq!(shown(&mut $shell, $text).await, $expected, "{}", $text);
            assert_eq!(capture.queries().len(), $queries, "{}", $text);
            drop(capture);
        )*
    };
}

#[orm::test(apps = ["shop"])]
async fn what_is_loaded_is_not_asked_for(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shell.run("Ada = Author.objects.get(name='Ada')").await.unwrap();
    asks! { db, shell;
        "Book.objects.select_related('publisher__city').get(title='Logic').publisher.city.name" => "'Paris'", 1;
        "str(Book.objects.select_related('publisher').get(title='Blank').publisher)" => "'None'", 1;
        "Author.objects.select_related('shop').get(name='Bob').shop" =>
            "RelatedObjectDoesNotExist: Author has no shop.", 1;
        "Book.objects.select_related('publisher').select_related(None).get(title='Logic').publisher.name" =>
            "'North'", 2;
        "City.objects.select_related().get(name='Paris').country.code" => "'FR'", 1;
        "a = Author.objects.prefetch_related('books__publisher').get(name='Ada')" => "", 3;
        "a.books.all()" => "<QuerySet [<Book: Logic>, <Book: Atlas>]>", 0;
        "a.books.all()[1].publisher.name" => "'South'", 0;
        "list(a.books.all()[:1])" => "[<Book: Logic>]", 0;
        "[a.books.count(), a.books.exists(), a.books.first(), len(a.books.all()), a.books.all().count()]" =>
            "[2, True, <Book: Logic>, 2, 2]", 0;
        "a.books.contains(Book.objects.get(title='Logic'))" => "True", 1;
        "a.books.filter(title='Logic').count()" => "1", 1;
        "a.books.last()" => "<Book: Atlas>", 1;
        "b = Book.objects.prefetch_related('reviews').get(title='Logic')" => "", 2;
        "b.reviews.all()[0].book.title" => "'Logic'", 0;
        "b.reviews.order_by('stars')[0].stars" => "4", 1;
        "Book.objects.prefetch_related('reviews').count()" => "4", 1;
        "d = Book.objects.defer('title', 'publisher').get(title='Logic')" => "", 1;
        "d.pages" => "300", 0;
        "d.title" => "'Logic'", 1;
        "d.title" => "'Logic'", 0;
        "d.publisher.name" => "'North'", 2;
        "Book.objects.only('title').get(title='Logic').get_genre_display()" => "'Science'", 2;
        "Book.objects.only('pages').order_by('pk')[:2]" => "<QuerySet [<Book: Logic>, <Book: Poems>]>", 1;
        "Book.objects.only('pages').get(title='Logic')" => "<Book: Logic>", 2;
        "str(Book.objects.only('pages').get(title='Logic'))" => "'Logic'", 2;
        "Book.objects.only(None)" => "TypeError: Cannot pass None as an argument to only().", 0;
        "Book.objects.select_related(1)" => "AttributeError: 'int' object has no attribute 'split'", 0;
        "Book.objects.values('title').defer('title')" =>
            "TypeError: Cannot call defer() after .values() or .values_list()", 0;
        "Book.objects.select_related('publisher').union(Book.objects.all()).defer('title')" =>
            "NotSupportedError: Calling QuerySet.defer() after union() is not supported.", 0;
    }
    Ok(())
}
