//! The query shell, where it writes.

use super::models::*;
use super::shell::{shop, shown, shows};
use orm::prelude::*;

#[orm::test(apps = ["shop"])]
async fn rows_are_made_and_saved(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "b = Book(title='Emma', pages='474')" => "";
        "b" => "<Book: Emma>";
        "[b.id, b.pk, b.pages, b.genre, b.publisher]" => "[None, None, '474', 'fic', None]";
        "b.save()" => "None";
        "Book.objects.get(title='Emma').id == 1" => "SyntaxError: invalid syntax: there are no comparisons here, and a keyword argument has one `=`";
        "Book.objects.filter(pk=b.id).count()" => "1";
        "b.title = 'Emma 2'; b.publisher = Publisher.objects.get(name='North'); b.save()" => "None";
        "Book.objects.values_list('title', 'publisher__name', 'pages').get(pk=b.pk)" => "('Emma 2', 'North', 474)";
        "b.publisher_id = Publisher.objects.get(name='South').pk; b.publisher" => "<Publisher: South>";
        "b.pages = F('pages') + 1; b.save(); b.refresh_from_db(); b.pages" => "475";
        "b.publisher.name" => "'South'";
        "Author.objects.create(name='Dan', age=4)" => "<Author: Dan>";
        "Author.objects.filter(name__in=['Dan', 'Ada']).update(age=F('age') + 1)" => "2";
        "Author.objects.values_list('age', flat=True).get(name='Dan')" => "5";
        "a, made = Author.objects.get_or_create(name='Dan'); [a, made]" => "[<Author: Dan>, False]";
        "Author.objects.update_or_create(name='Dan', defaults={'age': 9})[0].age" => "9";
        "rows = Author.objects.bulk_create([Author(name='X'), Author(name='Y')]); Author.objects.filter(pk__in=[rows[0].pk, rows[1].pk])" => "<QuerySet [<Author: X>, <Author: Y>]>";
        "rows[0].age = 3; Author.objects.bulk_update(rows, ['age'])" => "2";
        "b.delete()" => "(1, {'shop.Book': 1})";
        "b.pk" => "None";
        "Book.objects.filter(title='Logic').delete()" => "(5, {'shop.Book': 1, 'shop.Book_authors': 2, 'shop.Review': 2})";
        "Book.objects.filter(title='Logic').delete()" => "(0, {})";
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn sets_of_related_rows(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "ada = Author.objects.get(name='Ada'); logic, poems = Book.objects.filter(title__in=['Logic', 'Poems'])" => "";
        "ada.books.add(poems, logic.pk)" => "None";
        "ada.books.all()" => "<QuerySet [<Book: Logic>, <Book: Poems>, <Book: Atlas>]>";
        "ada.books.remove(logic); ada.books.count()" => "2";
        "ada.books.set([logic]); ada.books.all()" => "<QuerySet [<Book: Logic>]>";
        "logic.authors.create(name='Zoe'); logic.authors.values_list('name', flat=True)" => "<QuerySet ['Ada', 'Bob', 'Zoe']>";
        "ada.books.clear(); ada.books.exists()" => "False";
        "p = Author.objects.prefetch_related('books').get(name='Bob'); p.books.add(Book.objects.get(title='Atlas')); p.books.count()" => "3";
        "n = Publisher.objects.get(name='North'); n.books.create(title='Made').publisher" => "<Publisher: North>";
        "n.books.remove(poems); n.books.values_list('title', flat=True)" => "<QuerySet ['Logic', 'Made']>";
        "n.books.add(poems); poems.publisher" => "<Publisher: North>";
        "n.books.update(in_print=False)" => "3";
        "logic.reviews.clear()" => "AttributeError: 'RelatedManager' object has no attribute 'clear'";
        "m = Person.objects.create(name='Mel'); k = Person.objects.create(name='Kim', manager=m); m.friends.add(k); k.friends.all()" => "<QuerySet [<Person: Mel>]>";
        "m.friends.clear(); k.friends.all()" => "<QuerySet []>";
        "Shop.objects.create(name='S', manager=ada); ada.shop" => "<Shop: S>";
        "s = Shop(name='T'); Author.objects.get(name='Bob').shop = s; s.save(); s.manager" => "<Author: Bob>";
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn mistakes(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "Author(nope=1)" => "TypeError: Author() got unexpected keyword arguments: 'nope'";
        "Author('Ada', name='x', id=1)" => "TypeError: Author() got both positional and keyword arguments for field 'id'.";
        "a = Author.objects.get(name='Ada'); a.age = 'abc'" => "";
        "a.save()" => "ValueError: Field \"age\" of Author expected a value of type integer, but got 'abc'";
        "a.books = []" => "TypeError: Direct assignment to the reverse side of a many-to-many set is prohibited. Use books.set() instead.";
        "b = Book.objects.first(); b.publisher = a" => "ValueError: Cannot assign \"<Author: Ada>\": \"Book.publisher\" must be a \"Publisher\" instance.";
        "Book(title='x', publisher=Publisher(name='y')).save()" => "ValueError: save() prohibited to prevent data loss due to unsaved related object 'publisher'.";
        "Author(name='x').books.add(b)" => "ValueError: \"<Author: x>\" needs to have a value for field \"id\" before this many-to-many relationship can be used.";
        "b.authors.add(b)" => "TypeError: 'Author' instance expected, got <Book: Logic>";
        "Author.objects.create('x')" => "TypeError: create() takes 0 positional arguments but 1 was given";
        "Author.objects.get_or_create(name='q', defaults=1)" => "TypeError: get_or_create() takes a dict of defaults, and not a int";
        "Author.objects.delete()" => "AttributeError: 'Manager' object has no attribute 'delete'. Did you mean: 'defer'?";
        "Book.objects.all()[:1].delete()" => "TypeError: Cannot use 'limit' or 'offset' with delete().";
        "Author(name='x').delete()" => "ValueError: Author object can't be deleted because its id attribute is set to None.";
        "x, y = 1" => "TypeError: 'int' object is not iterable";
        "x, y = [1]" => "ValueError: not enough values to unpack (expected 2, got 1)";
        "Publisher.objects.create(name=None).pk" => "IntegrityError: NOT NULL constraint failed: shop_publisher.name";
        "Country.objects.create(code='FR', name='x')" => "IntegrityError: UNIQUE constraint failed: shop_country.code";
        "Country.objects.create(code='FRA', name='x')" => "ValidationError: Country is not valid: code: Ensure this value has at most 2 characters (it has 3).";
        "Author.objects.count()" => "3";
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn transactions(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "a = transaction.atomic(); b = transaction.atomic(); a.__enter__()" => "None";
        "Author.objects.create(name='outer'); b.__enter__(); Author.objects.create(name='inner')" => "<Author: inner>";
        "transaction.set_rollback(True); transaction.get_rollback()" => "True";
        "Author.objects.count()" => "TransactionManagementError: An error occurred in the current transaction. You can't execute queries until the end of the 'atomic' block.";
        "b.__exit__(None, None, None); Author.objects.count()" => "4";
        "s = transaction.savepoint(); Author.objects.create(name='x'); transaction.savepoint_rollback(s)" => "None";
        "a.__exit__(None, None, None); Author.objects.order_by('-pk')[:1]" => "<QuerySet [<Author: outer>]>";
        "a.__exit__(None, None, None)" => "RuntimeError: there is no block to be left";
        "transaction.get_rollback()" => "TransactionManagementError: The rollback flag doesn't work outside of an 'atomic' block.";
        "a.__enter__(); Author.objects.all().delete()[0] > 0" => "SyntaxError: invalid syntax: there are no comparisons here, and a keyword argument has one `=`";
        "a.__enter__(); Country.objects.create(code='XX', name='x'); Country.objects.create(code='FR', name='x')" => "IntegrityError: UNIQUE constraint failed: shop_country.code";
        "a.__exit__(None, None, None); Country.objects.filter(code='XX').exists()" => "False";
    }
    // What is open when the shell goes is undone.
    shell
        .run("a.__enter__(); Country.objects.create(code='YY', name='y')")
        .await
        .unwrap();
    drop(shell);
    assert_eq!(Country::objects().filter(q!(code = "YY")).count(&db).await?, 0);
    assert_eq!(shown(&mut shop_again(&db), "Country.objects.count()").await, "2");
    Ok(())
}

fn shop_again(db: &Db) -> orm::shell::Shell {
    orm::shell::Shell::new(db.clone(), &[Country::meta()])
}

/// Rows may lead to rows for as long as a user likes.
#[orm::test(apps = ["shop"])]
async fn chains_of_rows_are_let_go_of(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shell.run("p = None").await.unwrap();
    for _ in 0..300 {
        shell
            .run("p = Person.objects.create(name='x', manager=p); p.manager = p.manager; q = Person(manager=p); p = p")
            .await
            .unwrap();
    }
    assert_eq!(shown(&mut shell, "p.manager.manager.name").await, "'x'");
    shell.run("p = 1; q = 1").await.unwrap();
    Ok(())
}
