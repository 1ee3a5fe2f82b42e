//! What is read: orders, slices, single rows, values, counts.

use super::super::models::*;
use super::answer::*;
use super::cases;
use orm::prelude::*;

fn books() -> QuerySet<Book> {
    Book::objects().order_by(|b| b.pk())
}

cases! { db;
    "ordering-001" => rows(Book::objects().order_by(|b| (b.title(), b.pk())).all(db).await?);
    "ordering-006" => rows(Book::objects().order_by(|b| (b.published().desc(), b.pk())).all(db).await?);
    "ordering-012" => rows(Book::objects().order_by(|b| b.id()).reverse().all(db).await?);
    "distinct-004" => rows(Book::objects().filter(q!(authors__age__gt = 40)).distinct().order_by(|b| (b.title(), b.pk())).all(db).await?);
    "distinct-008" => dict_of_one("genre", Book::objects().order_by(|b| b.genre()).values(|b| b.genre()).distinct().all(db).await?);
    "slicing-002" => rows(books().slice(5..10).all(db).await?);
    "slicing-021" => rows(books().slice(5..).slice(..3).all(db).await?);
    "first-last-003" => instance(&Book::objects().order_by(|b| (b.title(), b.pk())).first(db).await?.unwrap());
    "first-last-018" => instance(&Publication::objects().last(db).await?.unwrap());
    "get-008" => instance(&Book::objects().get(db, q!(title = "Leap of Faith", publisher__name = "Penguin")).await?);
    "count-exists-006" => scalar(Book::objects().exclude(q!(authors__isnull = false)).count(db).await?);
    "count-exists-011" => scalar(Book::objects().none().exists(db).await?);
    "values-028" => singles(books().values(|b| b.title()).all(db).await?);
    "values-030" => flat(books().values(|b| b.price()).all(db).await?);
    "values-034" => flat(books().values(|b| b.publisher()).all(db).await?);
    "values-068" => lists(Reporter::objects().filter(q!(story__words__gt = 100)).order_by(|r| (r.pk(), r.story().pk())).values(|r| (r.first_name(), r.story().words())).all(db).await?);
    "values-083" => flat(AllTypes::objects().order_by(|a| a.pk()).values(|a| a.f_dur()).all(db).await?);
    "values-084" => flat(AllTypes::objects().order_by(|a| a.pk()).values(|a| a.f_uuid()).all(db).await?);
    "none-empty-012" => rows(Book::objects().filter(q!(pk__in = [0; 0])).all(db).await?);
    "ordering-071" => rows(City::objects().all(db).await?);
    "ordering-030" => rows(Book::objects().order_by(|b| (b.price().asc().nulls_last(), b.pk())).all(db).await?);
    "ordering-033" => rows(Book::objects().order_by(|b| (b.price().desc().nulls_first(), b.pk())).all(db).await?);
    "slicing-010" => instance(&Book::objects().order_by(|b| b.pk().desc()).first(db).await?.unwrap());
    "first-last-049" => instance(&Review::objects().latest(db, |r| r.created()).await?);
    "first-last-050" => instance(&Review::objects().earliest(db, |r| r.created()).await?);
    "count-exists-042" => in_bulk(Book::objects().filter(q!(genre = "sci")).in_bulk(db, [1, 8, 12]).await?);
    "select-related-015" => rows(Story::objects().select_related(|s| s.reporter()).all(db).await?.into_iter().map(|(s, _)| s).collect());
    "select-related-029" => rows(Person::objects().select_related(|p| p.manager().manager()).order_by(|p| p.pk()).all(db).await?.into_iter().map(|(p, _)| p).collect());
    "prefetch-related-002" => rows(Author::objects().prefetch_related(|a| a.books().using(Book::objects().select_related(|b| b.publisher()))).order_by(|a| a.pk()).all(db).await?.into_iter().map(|(a, _)| a).collect());
    "prefetch-related-043" => rows(Person::objects().prefetch_related(|p| p.follows()).prefetch_related(|p| p.followers()).order_by(|p| p.pk()).all(db).await?.into_iter().map(|(p, _, _)| p).collect());
}
