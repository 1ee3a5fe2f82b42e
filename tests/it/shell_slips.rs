//! The query shell, with what people type who know Django: prints, slips, and what makes no sense.

use super::shell::{shop, shown, shows};
use orm::prelude::*;
use orm::shell::Answer;

#[orm::test(apps = ["shop"])]
async fn what_is_of_no_number(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "Book.objects.aggregate(Sum('title'))" => "FieldError: Cannot compute Sum of a CharField, which is no number.";
        "Author.objects.aggregate(Avg('created_at'))" =>
            "FieldError: Cannot compute Avg of a DateTimeField, which is no number.";
        "Book.objects.aggregate(Sum('in_print'))" => "FieldError: Cannot compute Sum of a BooleanField, which is no \
            number. Rows for which it is true are counted by Count(\"pk\", filter=Q(…)).";
        "Book.objects.annotate(x=F('title') + '1')" => "FieldError: Cannot infer type of '+' expression involving \
            these types: CharField, CharField. You must set output_field.";
        "Book.objects.filter(pages__gt=F('pages') + '1')" => "FieldError: Cannot infer type of '+' expression \
            involving these types: IntegerField, CharField. You must set output_field.";
        "Book.objects.filter(published__gt=F('published') + 1)" => "FieldError: Cannot infer type of '+' expression \
            involving these types: DateField, IntegerField. You must set output_field.";
        "Book.objects.filter(published__gt=F('published') - timedelta(days=1)).count()" => "2";
        "Author.objects.filter(updated_at__gte=F('created_at') - timedelta(days=1)).count()" => "3";
        "Book.objects.annotate(x=F('pages') + None).filter(x=None).count()" => "4";
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn slips_of_daily_use(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "[bool(Book.objects.none()), bool(Book.objects.filter(pages=90)), bool(Book.objects.filter(pages=91))]" =>
            "[False, True, False]";
        "Book.objects.alias(n=Count('authors')).values('n')" =>
            "FieldError: Cannot select the 'n' alias. Use annotate() to promote it.";
        "Book.objects.alias(n=Count('authors')).filter(n=2).values_list('title', flat=True)" =>
            "<QuerySet ['Logic', 'Atlas']>";
        "Book.objects.filter(publisher__nme='North')" =>
            "FieldError: Unsupported lookup \"nme\" for the relation \"publisher\" to Publisher, perhaps you meant name?";
        "Book.objects.filter(publisher__city__contry='FR')" => "FieldError: Unsupported lookup \"contry\" for the \
            relation \"publisher__city\" to City, perhaps you meant country?";
        "Book.objects.order_by('?').count()" => "4";
        "Author.objects.annotate(n=Count('books')).filter(n=1).update(age=5)" => "1";
        "Author.objects.get(name='Cleo').age" => "5";
        "len(Book.objects.order_by('?', 'title'))" => "4";
        "Book.objects.values('genre').annotate(n=Count('pk')).order_by('?').count()" => "2";
        "Book.objects.get(title='Logic').pages > 3" => "SyntaxError: invalid syntax: there are no comparisons here, \
            and a keyword argument has one `=`";
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn printing(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    let mut printed = async |text: &str| match shell.run(text).await {
        Ok(Answer::Printed(line)) => line,
        other => panic!("{other:?}"),
    };
    assert_eq!(printed("print('a', 1, None)").await, "a 1 None");
    assert_eq!(printed("print(Book.objects.get(title='Logic'))").await, "Logic");
    assert_eq!(
        printed("print(Book.objects.filter(title='Logic'))").await,
        "<QuerySet [<Book: Logic>]>"
    );
    assert_eq!(printed("print()").await, "");
    let sql = printed("print(Book.objects.filter(pages__gt=100).order_by().query)").await;
    assert!(sql.starts_with("SELECT ") && sql.contains(" WHERE "), "{sql}");
    shows! { shell;
        "print('a', end='')" => "TypeError: print() got an unexpected keyword argument 'end'";
    }
    Ok(())
}

/// What is printed loads nothing beside the rows, but a name that is none is told nonetheless.
#[orm::test(apps = ["shop"])]
async fn names_of_what_is_loaded(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "Book.objects.order_by('-?')" => "FieldError: Cannot resolve keyword \"?\" into field of Book. Choices are: \
            authors, genre, id, in_print, pages, price, published, publisher, publisher_id, rating, reviews, title";
        "Book.objects.select_related('publishr')" => "FieldError: Invalid field name(s) given in select_related: \
            'publishr'. Choices are: publisher";
        "Book.objects.select_related('authors')" => "FieldError: Invalid field name(s) given in select_related: \
            'authors'. Choices are: publisher";
        "Book.objects.only('nope')" => "FieldDoesNotExist: Book has no field named 'nope'";
        "Book.objects.defer('nope')" => "FieldDoesNotExist: Book has no field named 'nope'";
        "Book.objects.prefetch_related('reviws')" => "AttributeError: Cannot find 'reviws' on Book object, 'reviws' \
            is an invalid parameter to prefetch_related()";
        "Book.objects.prefetch_related('authors__bokks')" => "AttributeError: Cannot find 'bokks' on Author object, \
            'authors__bokks' is an invalid parameter to prefetch_related()";
        "Book.objects.prefetch_related('title')" => "ValueError: 'title' does not resolve to an item that supports \
            prefetching - this is an invalid parameter to prefetch_related().";
        "Book.objects.filter(title='Logic').select_related('publisher__city').only('title', 'publisher__city__name')\
            .prefetch_related('authors__books')" => "<QuerySet [<Book: Logic>]>";
    }
    Ok(())
}
