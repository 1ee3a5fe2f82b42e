//! Aggregates: over all rows, and of related rows.

use super::super::models::*;
use super::answer::*;
use super::cases;
use orm::functions::case;
use orm::prelude::*;

fn authors() -> QuerySet<Author> {
    Author::objects().order_by(|a| a.pk())
}

cases! { db;
    "aggregate-006" => dict(&["n"], (Book::objects().aggregate(db, |b| b.publisher().pk().count().distinct()).await?,));
    "aggregate-012" => dict(&["price__sum"], (Book::objects().aggregate(db, |b| b.price().sum()).await?,));
    "aggregate-016" => dict(&["published__min", "published__max"], Book::objects().aggregate(db, |b| (b.published().min(), b.published().max())).await?);
    "aggregate-020" => dict(&["pages__stddev"], (Book::objects().aggregate(db, |b| b.pages().stddev()).await?,));
    "aggregate-026" => dict(&["s", "a", "m"], Book::objects().filter(q!(genre = "nope")).aggregate(db, |b| (b.pages().sum().default(0), b.pages().avg().default(1.5), b.title().max().default("none"))).await?);
    "aggregate-030" => dict(&["pages__stddev", "pages__variance"], Book::objects().filter(q!(genre = "nope")).aggregate(db, |b| (b.pages().stddev(), b.pages().variance())).await?);
    "aggregate-034" => dict(&["n"], (Book::objects().aggregate(db, |b| b.pages().sum() + b.pk().count()).await?,));
    "aggregate-035" => dict(&["n"], (Book::objects().aggregate(db, |b| b.pages().max() - b.pages().min()).await?,));
    "aggregate-039" => dict(&["n"], (Book::objects().aggregate(db, |b| (b.pages().cast::<f64>() * b.rating()).sum()).await?,));
    "aggregate-040" => dict(&["n", "m"], Book::objects().aggregate(db, |b| (b.pk().count().filter(q!(genre = "fic")), b.pk().count().filter(q!(!genre = "fic")))).await?);
    "aggregate-041" => dict(&["n", "m"], Book::objects().aggregate(db, |b| (b.pages().sum().filter(|b| b.in_print()), b.pages().sum().filter(q!(publisher__city__country = "FR")))).await?);
    "aggregate-043" => dict(&["n"], (Book::objects().aggregate(db, |b| b.authors().count().filter(q!(authors__age__gt = 50)).distinct()).await?,));
    "aggregate-044" => dict(&["n"], (Book::objects().aggregate(db, |b| case().when(b.genre().eq("fic"), b.pages()).otherwise(0).sum()).await?,));
    "aggregate-045" => dict(&["n"], (Book::objects().aggregate(db, |b| case().when(b.rating().gt(4), 1).count()).await?,));
    "aggregate-046" => dict(&["n", "m"], Book::objects().aggregate(db, |b| (b.title().length().max(), b.title().lower().min())).await?);
    "aggregate-051" => dict(&["pages__sum"], (Book::objects().filter(q!(authors__age__gt = 50)).distinct().aggregate(db, |b| b.pages().sum()).await?,));
    "aggregate-057" => dict(&["age__avg", "age__sum", "age__count", "pk__count"], Author::objects().aggregate(db, |a| (a.age().avg(), a.age().sum(), a.age().count(), a.pk().count())).await?);
    "aggregate-078" => dict(&["cities__population__sum", "n"], Country::objects().aggregate(db, |c| (c.cities().population().sum(), c.cities().publishers().books().count())).await?);
    "annotate-aggregate-010" => lists(authors().values(|a| (a.pk(), a.books().count(), a.books().reviews().count())).all(db).await?);
    "annotate-aggregate-016" => lists(authors().values(|a| (a.pk(), a.books().count().filter(q!(books__price__gt = 10, !books__genre = "ref")))).all(db).await?);
    "annotate-aggregate-018" => lists(authors().values(|a| (a.pk(), a.books().pages().sum().filter(q!(books__in_print = false)))).all(db).await?);
    "annotate-aggregate-028" => annotated(&["n"], authors().filter(|a| a.books().count().gte(2) & a.age().lt(50)).annotate(|a| a.books().count()).all(db).await?);
    "annotate-aggregate-029" => annotated(&["n"], authors().annotate(|a| a.books().count()).filter(|a| a.books().count().gte(4) | a.age().lt(30)).all(db).await?);
    "annotate-aggregate-039" => annotated(&["m"], authors().annotate(|a| a.books().published().max()).filter(|a| a.books().published().max().year().eq(2020)).all(db).await?);
    "annotate-aggregate-042" => scalar(Author::objects().filter(|a| a.books().count().gt(1)).count(db).await?);
    "annotate-aggregate-048" => lists(authors().values(|a| (a.pk(), a.age() * 2, a.books().count())).all(db).await?);
    "annotate-aggregate-049" => lists(authors().values(|a| (a.pk(), a.books().count() * 10 + a.age().cast::<i64>())).all(db).await?);
    "annotate-aggregate-053" => lists(authors().values(|a| (a.pk(), a.books().pages().sum().default(0))).all(db).await?);
    "annotate-aggregate-060" => dicts(&["age", "n"], Author::objects().order_by(|a| a.age()).values(|a| (a.age(), a.pk().count())).all(db).await?);
    "annotate-aggregate-157" => lists(Article::objects().order_by(|a| (a.publications().count().desc(), a.pk())).values(|a| (a.pk(), a.publications().count())).all(db).await?);
    "annotate-aggregate-154" => dicts(&["y", "n", "s"], Review::objects().order_by(|r| r.created().year()).values(|r| (r.created().year(), r.pk().count(), r.stars().avg())).all(db).await?);
    "functions-062" => dicts(&["d", "n"], Review::objects().values(|r| r.created().date()).annotate(|r| r.pk().count()).filter_with(|_, (_, n)| n.gt(1)).order_by_with(|_, (d, _)| d).all(db).await?);
    "functions-051" => dicts(&["x", "n"], Book::objects().order_by(|b| b.published().trunc_month()).values(|b| (b.published().trunc_month(), b.pk().count())).all(db).await?);
}
