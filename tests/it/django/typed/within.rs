//! Queries within a query.

use super::super::models::*;
use super::answer::*;
use super::cases;
use orm::functions::{coalesce, exists, outer, subquery};
use orm::prelude::*;

fn books() -> QuerySet<Book> {
    Book::objects().order_by(|b| b.pk())
}

cases! { db;
    "subquery-exists-001" => rows(Author::objects().filter(|a| a.pk().in_(Book::objects().filter(q!(genre = "sci")).values(|b| b.authors()))).all(db).await?);
    "subquery-exists-004" => rows(Author::objects().exclude(|a| a.books().in_(Book::objects().filter(q!(genre = "sci")))).all(db).await?);
    "subquery-exists-005" => rows(Author::objects().filter(|a| a.age().in_(Author::objects().filter(q!(name__startswith = "Ada")).values(|a| a.age()))).all(db).await?);
    "subquery-exists-010" => rows(Author::objects().exclude(|a| a.pk().in_(Author::objects().none().values(|a| a.pk()))).all(db).await?);
    "subquery-exists-025" => lists(books().values(|b| (b.pk(), subquery(Publisher::objects().filter(|p| p.pk().eq(outer(b.publisher().pk()))).values(|p| p.name())))).all(db).await?);
    "subquery-exists-026" => lists(books().values(|b| (b.pk(), subquery(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk()))).order_by(|r| (r.created().desc(), r.pk().desc())).limit(1).values(|r| r.stars())))).all(db).await?);
    "subquery-exists-029" => lists(books().values(|b| {
        let stars = Review::objects().filter(|r| r.book().pk().eq(outer(b.pk()))).values(|r| r.stars().sum());
        (b.pk(), coalesce((subquery(stars), 0)))
    }).all(db).await?);
    "subquery-exists-030" => lists(books().values(|b| (b.pk(), exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))))).all(db).await?);
    "subquery-exists-036" => rows(books().filter(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())) & r.stars().cast::<f64>().gt(outer(b.rating()))))).all(db).await?);
    "subquery-exists-039" => rows(books().filter(|b| exists(Author::objects().filter(|a| a.books().pk().eq(outer(b.pk())) & a.age().gt(80))) & b.genre().eq("fic")).all(db).await?);
    "subquery-exists-049" => rows(books().filter(|b| {
        let same = Book::objects().filter(|other| other.publisher().pk().eq(outer(b.publisher().pk())));
        b.rating().gt(subquery(same.values(|other| other.rating().avg())))
    }).all(db).await?);
    "subquery-exists-060" => lists(Publisher::objects().order_by(|p| p.pk()).values(|p| {
        let references = Book::objects().filter(|b| b.publisher().pk().eq(outer(p.pk())) & b.genre().eq("ref"));
        (p.pk(), p.books().count(), exists(references))
    }).all(db).await?);
    "subquery-exists-063" => rows(Country::objects().filter(|c| c.pk().in_(City::objects().values(|c| c.country()))).all(db).await?);
    "subquery-exists-068" => rows(Person::objects().exclude(|p| p.pk().in_(Person::objects().values(|p| p.manager()))).all(db).await?);
    "subquery-exists-076" => lists(Library::objects().order_by(|l| l.pk()).values(|l| (l.pk(), subquery(Patron::objects().filter(|p| p.library().pk().eq(outer(l.pk()))).order_by(|p| (p.name(), p.pk())).limit(1).values(|p| p.name())))).all(db).await?);
}
