//! Seed 002: Django's page on many-to-many relations, articles in publications.
//!
//! Two statements of the page are errors, which do not compile here: adding to an article that is
//! not saved (`tests/compile_fail/unsaved_row.rs`) and adding an object of another type
//! (`tests/compile_fail/another_model.rs`).

use super::{one, shown};
use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "many_to_many", ordering = ["title"], display = "{title}")]
pub struct Publication {
    pub id: i64,
    #[field(max_length = 30)]
    pub title: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "many_to_many", ordering = ["headline"], display = "{headline}")]
pub struct Article {
    pub id: i64,
    #[field(max_length = 100)]
    pub headline: String,
    pub publications: ManyToMany<Publication>,
}

const DJANGO_AND_NASA: &str = "[<Article: Django lets you build Web apps easily>, <Article: NASA uses Python>]";
const NASA: &str = "[<Article: NASA uses Python>]";
const JOURNAL: &str = "[<Publication: The Python Journal>]";
const ALL_FOUR: &str = "[<Publication: Highlights for Children>, <Publication: Science News>, \
                        <Publication: Science Weekly>, <Publication: The Python Journal>]";

/// The rows that the page begins with.
struct Page {
    p1: Publication,
    p2: Publication,
    p3: Publication,
    a1: Article,
    a2: Article,
    new_publication: Publication,
}

async fn page(db: &Db) -> orm::Result<Page> {
    // Create a couple of Publications
    let p1 = Publication::create().title("The Python Journal").save(db).await?;
    let p2 = Publication::create().title("Science News").save(db).await?;
    let p3 = Publication::create().title("Science Weekly").save(db).await?;
    // Create an Article
    let a1 = Article::create().headline("Django lets you build Web apps easily");
    // Save it!
    let a1 = a1.save(db).await?;
    // Associate the Article with a Publication
    a1.publications().add(db, &p1).await?;
    // Create another Article, and set it to appear in both Publications
    let a2 = Article::create().headline("NASA uses Python").save(db).await?;
    a2.publications().add(db, [&p1, &p2]).await?;
    a2.publications().add(db, &p3).await?;
    // Adding a second time is OK
    a2.publications().add(db, &p3).await?;
    // Create and add a Publication to an Article in one step using create()
    let new_publication = a2
        .publications()
        .create()
        .title("Highlights for Children")
        .save(db)
        .await?;
    Ok(Page {
        p1,
        p2,
        p3,
        a1,
        a2,
        new_publication,
    })
}

#[orm::test(apps = ["many_to_many"])]
async fn access(db: Db) -> orm::Result<()> {
    let Page {
        p1,
        p2,
        a1,
        a2,
        new_publication,
        ..
    } = page(&db).await?;
    assert_eq!(one(&new_publication), "<Publication: Highlights for Children>");
    // Article objects have access to their related Publication objects
    assert_eq!(shown(&a1.publications().all(&db).await?), JOURNAL);
    assert_eq!(shown(&a2.publications().all(&db).await?), ALL_FOUR);
    // Publication objects have access to their related Article objects
    assert_eq!(shown(&p2.article_set().all(&db).await?), NASA);
    assert_eq!(shown(&p1.article_set().all(&db).await?), DJANGO_AND_NASA);
    assert_eq!(
        shown(
            &Publication::objects()
                .get(&db, q!(id = 4))
                .await?
                .article_set()
                .all(&db)
                .await?
        ),
        NASA
    );
    Ok(())
}

#[orm::test(apps = ["many_to_many"])]
async fn queries(db: Db) -> orm::Result<()> {
    let Page { p1, p2, a1, a2, .. } = page(&db).await?;
    // Many-to-many relationships can be queried using lookups across relationships
    assert_eq!(
        shown(&Article::objects().filter(q!(publications__id = 1)).all(&db).await?),
        DJANGO_AND_NASA
    );
    assert_eq!(
        shown(&Article::objects().filter(q!(publications__pk = 1)).all(&db).await?),
        DJANGO_AND_NASA
    );
    assert_eq!(
        shown(&Article::objects().filter(q!(publications = 1)).all(&db).await?),
        DJANGO_AND_NASA
    );
    assert_eq!(
        shown(&Article::objects().filter(q!(publications = &p1)).all(&db).await?),
        DJANGO_AND_NASA
    );
    let science = || Article::objects().filter(q!(publications__title__startswith = "Science"));
    assert_eq!(
        shown(&science().all(&db).await?),
        "[<Article: NASA uses Python>, <Article: NASA uses Python>]"
    );
    assert_eq!(shown(&science().distinct().all(&db).await?), NASA);
    // count() respects distinct() as well
    assert_eq!(science().count(&db).await?, 2);
    assert_eq!(science().distinct().count(&db).await?, 1);
    let rows = Article::objects()
        .filter(q!(publications__in = [1, 2]))
        .distinct()
        .all(&db)
        .await?;
    assert_eq!(shown(&rows), DJANGO_AND_NASA);
    let rows = Article::objects()
        .filter(q!(publications__in = [&p1, &p2]))
        .distinct()
        .all(&db)
        .await?;
    assert_eq!(shown(&rows), DJANGO_AND_NASA);

    // Reverse m2m queries are supported
    assert_eq!(
        shown(&Publication::objects().filter(q!(id = 1)).all(&db).await?),
        JOURNAL
    );
    assert_eq!(
        shown(&Publication::objects().filter(q!(pk = 1)).all(&db).await?),
        JOURNAL
    );
    let rows = Publication::objects()
        .filter(q!(article__headline__startswith = "NASA"))
        .all(&db)
        .await?;
    assert_eq!(shown(&rows), ALL_FOUR);
    assert_eq!(
        shown(&Publication::objects().filter(q!(article__id = 1)).all(&db).await?),
        JOURNAL
    );
    assert_eq!(
        shown(&Publication::objects().filter(q!(article__pk = 1)).all(&db).await?),
        JOURNAL
    );
    assert_eq!(
        shown(&Publication::objects().filter(q!(article = 1)).all(&db).await?),
        JOURNAL
    );
    assert_eq!(
        shown(&Publication::objects().filter(q!(article = &a1)).all(&db).await?),
        JOURNAL
    );
    let rows = Publication::objects()
        .filter(q!(article__in = [1, 2]))
        .distinct()
        .all(&db)
        .await?;
    assert_eq!(shown(&rows), ALL_FOUR);
    let rows = Publication::objects()
        .filter(q!(article__in = [&a1, &a2]))
        .distinct()
        .all(&db)
        .await?;
    assert_eq!(shown(&rows), ALL_FOUR);

    // Excluding a related item works as you would expect, too
    let rows = Article::objects().exclude(q!(publications = &p2)).all(&db).await?;
    assert_eq!(shown(&rows), "[<Article: Django lets you build Web apps easily>]");
    Ok(())
}

#[orm::test(apps = ["many_to_many"])]
async fn deleting_adding_removing(db: Db) -> orm::Result<()> {
    let Page {
        p1,
        p2,
        p3,
        a2,
        new_publication,
        ..
    } = page(&db).await?;
    // If we delete a Publication, its Articles won't be able to access it
    p1.delete(&db).await?;
    assert_eq!(
        shown(&Publication::objects().all(&db).await?),
        "[<Publication: Highlights for Children>, <Publication: Science News>, <Publication: Science Weekly>]"
    );
    let a1 = Article::objects().get(&db, q!(pk = 1)).await?;
    assert_eq!(shown(&a1.publications().all(&db).await?), "[]");
    // If we delete an Article, its Publications won't be able to access it
    a2.delete(&db).await?;
    assert_eq!(
        shown(&Article::objects().all(&db).await?),
        "[<Article: Django lets you build Web apps easily>]"
    );
    assert_eq!(shown(&p2.article_set().all(&db).await?), "[]");

    // Adding via the 'other' end of an m2m
    let a4 = Article::create()
        .headline("NASA finds intelligent life on Earth")
        .save(&db)
        .await?;
    p2.article_set().add(&db, &a4).await?;
    assert_eq!(
        shown(&p2.article_set().all(&db).await?),
        "[<Article: NASA finds intelligent life on Earth>]"
    );
    assert_eq!(
        shown(&a4.publications().all(&db).await?),
        "[<Publication: Science News>]"
    );
    // Adding via the other end using keywords
    let _new_article = p2
        .article_set()
        .create()
        .headline("Oxygen-free diet works wonders")
        .save(&db)
        .await?;
    let rows = p2.article_set().all(&db).await?;
    assert_eq!(
        shown(&rows),
        "[<Article: NASA finds intelligent life on Earth>, <Article: Oxygen-free diet works wonders>]"
    );
    let a5 = &rows[1];
    assert_eq!(
        shown(&a5.publications().all(&db).await?),
        "[<Publication: Science News>]"
    );

    // Removing Publication from an Article
    a4.publications().remove(&db, &p2).await?;
    assert_eq!(
        shown(&p2.article_set().all(&db).await?),
        "[<Article: Oxygen-free diet works wonders>]"
    );
    assert_eq!(shown(&a4.publications().all(&db).await?), "[]");
    // And from the other end
    p2.article_set().remove(&db, a5).await?;
    assert_eq!(shown(&p2.article_set().all(&db).await?), "[]");
    assert_eq!(shown(&a5.publications().all(&db).await?), "[]");

    // Relation sets can be assigned. Assignment clears any existing set members. (The page lost its
    // first line here, `p2.article_set = [a4, a5]`, without which its results cannot be.)
    p2.article_set().set(&db, [&a4, a5]).await?;
    assert_eq!(
        shown(&a4.publications().all(&db).await?),
        "[<Publication: Science News>]"
    );
    a4.publications().set(&db, [&p3]).await?;
    assert_eq!(
        shown(&a4.publications().all(&db).await?),
        "[<Publication: Science Weekly>]"
    );
    // Relation sets can be cleared
    p2.article_set().clear(&db).await?;
    assert_eq!(shown(&p2.article_set().all(&db).await?), "[]");
    // And you can clear from the other end
    p2.article_set().add(&db, [&a4, a5]).await?;
    assert_eq!(
        shown(&p2.article_set().all(&db).await?),
        "[<Article: NASA finds intelligent life on Earth>, <Article: Oxygen-free diet works wonders>]"
    );
    assert_eq!(
        shown(&a4.publications().all(&db).await?),
        "[<Publication: Science News>, <Publication: Science Weekly>]"
    );
    a4.publications().clear(&db).await?;
    assert_eq!(shown(&a4.publications().all(&db).await?), "[]");
    assert_eq!(
        shown(&p2.article_set().all(&db).await?),
        "[<Article: Oxygen-free diet works wonders>]"
    );

    // Recreate the Article and Publication we have deleted
    let p1 = Publication::create().title("The Python Journal").save(&db).await?;
    let a2 = Article::create().headline("NASA uses Python").save(&db).await?;
    a2.publications().add(&db, [&p1, &p2, &p3]).await?;
    // Bulk delete some Publications - references to deleted publications should go
    Publication::objects()
        .filter(q!(title__startswith = "Science"))
        .delete(&db)
        .await?;
    assert_eq!(
        shown(&Publication::objects().all(&db).await?),
        "[<Publication: Highlights for Children>, <Publication: The Python Journal>]"
    );
    assert_eq!(
        shown(&Article::objects().all(&db).await?),
        "[<Article: Django lets you build Web apps easily>, <Article: NASA finds intelligent life on Earth>, \
         <Article: NASA uses Python>, <Article: Oxygen-free diet works wonders>]"
    );
    assert_eq!(shown(&a2.publications().all(&db).await?), JOURNAL);
    // Bulk delete some articles - references to deleted objects should go
    let q = Article::objects().filter(q!(headline__startswith = "Django"));
    assert_eq!(
        shown(&q.clone().all(&db).await?),
        "[<Article: Django lets you build Web apps easily>]"
    );
    q.clone().delete(&db).await?;
    // A queryset has no cache: it asks again
    assert_eq!(shown(&q.all(&db).await?), "[]");
    assert_eq!(shown(&p1.article_set().all(&db).await?), NASA);
    // An alternate to calling clear() is to assign the empty set
    p1.article_set().set(&db, Vec::<i64>::new()).await?;
    assert_eq!(shown(&p1.article_set().all(&db).await?), "[]");
    a2.publications().set(&db, [&p1, &new_publication]).await?;
    assert_eq!(
        shown(&a2.publications().all(&db).await?),
        "[<Publication: Highlights for Children>, <Publication: The Python Journal>]"
    );
    a2.publications().set(&db, Vec::<i64>::new()).await?;
    assert_eq!(shown(&a2.publications().all(&db).await?), "[]");
    Ok(())
}
