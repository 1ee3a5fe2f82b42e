//! Arithmetic, functions, CASE.

use super::super::models::*;
use super::answer::*;
use super::cases;
use orm::functions::{case, coalesce, concat, now, value};
use orm::prelude::*;

fn books() -> QuerySet<Book> {
    Book::objects().order_by(|b| b.pk())
}

fn authors() -> QuerySet<Author> {
    Author::objects().order_by(|a| a.pk())
}

cases! { db;
    "f-expressions-005" => rows(books().filter(|b| b.title().eq(b.notes())).all(db).await?);
    "f-expressions-011" => rows(books().filter(q!(publisher__founded__gt = F(publisher__city__population))).all(db).await?);
    "f-expressions-016" => rows(books().filter(|b| b.notes().contains(b.title())).all(db).await?);
    "f-expressions-019" => rows(books().filter(|b| b.created_at().lte(b.updated_at() - TimeDelta::days(500))).all(db).await?);
    "f-expressions-021" => lists(books().filter(|b| (b.pages() - 300).gt(0)).values(|b| (b.pk(), b.pages() - 300)).all(db).await?);
    "f-expressions-022" => lists(books().filter(q!(pk__lt = 5)).values(|b| (b.pk(), b.pages() * 2 + 1)).all(db).await?);
    "f-expressions-023" => lists(books().filter(q!(pk__lt = 8)).values(|b| (b.pk(), b.pages() / 7)).all(db).await?);
    "f-expressions-024" => lists(books().filter(q!(pk__lt = 5)).values(|b| (b.pk(), b.pages().cast::<f64>() * 1.5)).all(db).await?);
    "f-expressions-027" => lists(books().filter(q!(pk__in = [1, 12, 14, 20, 22])).values(|b| (b.pk(), b.price() + decimal("0.01"))).all(db).await?);
    "f-expressions-028" => lists(books().filter(q!(pk__lt = 4)).values(|b| (b.pk(), -b.pages())).all(db).await?);
    "f-expressions-032" => lists(books().filter(q!(pk__lt = 4)).values(|b| (b.pk(), (b.pages() + 9) * (b.pages() - 1))).all(db).await?);
    "f-expressions-035" => lists(books().filter(q!(pk__lt = 6)).values(|b| (b.pk(), b.pages().bitxor(5))).all(db).await?);
    "f-expressions-042" => lists(books().filter(q!(pk__lt = 4)).values(|b| (b.pk(), b.updated_at() - b.created_at())).all(db).await?);
    "f-expressions-050" => lists(books().filter(q!(pk = 1)).values(|b| (b.pk(), value("it's 100% \"x\""))).all(db).await?);
    "f-expressions-053" => lists(books().filter(q!(pk = 1)).values(|b| (b.pk(), value(day(2020, 2, 29)))).all(db).await?);
    "f-expressions-060" => rows(Person::objects().filter(|p| p.salary().gt(p.manager().salary() / 2)).all(db).await?);
    "f-expressions-065" => rows(Person::objects().filter(|p| p.membership().inviter().pk().eq(p.manager().pk())).distinct().all(db).await?);
    "f-expressions-070" => rows(Librarian::objects().filter(q!(hired__lt = F(library__opened))).all(db).await?);
    "f-expressions-079" => rows(Product::objects().filter(|p| p.price().gt(p.discounted_price() * 2)).all(db).await?);
    "f-expressions-086" => lists(AllTypes::objects().filter(q!(pk__lt = 10)).order_by(|a| a.pk()).values(|a| (a.pk(), a.f_dt() + a.f_dur())).all(db).await?);
    "f-expressions-087" => lists(AllTypes::objects().filter(q!(pk__lt = 6)).order_by(|a| a.pk()).values(|a| (a.pk(), a.f_date().year())).all(db).await?);
    "functions-003" => lists(authors().values(|a| (a.pk(), a.name().length())).all(db).await?);
    "functions-013" => lists(Author::objects().order_by(|a| (coalesce((a.rating(), 0.0)), a.pk())).values(|a| (a.pk(), coalesce((a.rating(), 0.0)))).all(db).await?);
    "functions-018" => lists(authors().filter(|a| a.notes().trim().eq("")).values(|a| (a.pk(), a.notes().trim())).all(db).await?);
    "functions-025" => scalar(Author::objects().filter(|a| a.name().startswith(a.name().substr(1, 2))).count(db).await?);
    "functions-029" => lists(books().values(|b| (b.pk(), b.price().abs())).all(db).await?);
    "functions-030" => lists(books().filter(q!(pk__lt = 13)).values(|b| (b.pk(), b.price().round(1))).all(db).await?);
    "functions-042" => lists(books().values(|b| (b.pk(), b.published().trunc_week())).all(db).await?);
    "functions-043" => lists(books().values(|b| (b.pk(), b.created_at().trunc_day())).all(db).await?);
    "functions-045" => lists(books().values(|b| (b.pk(), b.created_at().trunc_minute())).all(db).await?);
    "functions-054" => scalar(Book::objects().filter(|b| b.created_at().lt(now())).count(db).await?);
    "functions-057" => rows(books().filter(|b| b.published().eq(b.published().trunc_year())).all(db).await?);
    "functions-065" => lists(AllTypes::objects().order_by(|a| a.pk()).values(|a| (a.pk(), a.f_time().trunc_hour())).all(db).await?);
    "functions-066" => lists(AllTypes::objects().order_by(|a| a.pk()).values(|a| (a.pk(), a.f_date().trunc_week(), a.f_date().trunc_quarter())).all(db).await?);
    "functions-067" => lists(AllTypes::objects().order_by(|a| a.pk()).values(|a| (a.pk(), a.f_char().lower(), a.f_char().upper())).all(db).await?);
    "functions-071" => lists(authors().values(|a| (a.pk(), concat((a.name(), " <", a.email(), ">")))).all(db).await?);
    "functions-072" => lists(authors().values(|a| (a.pk(), concat((a.name(), "/", a.notes())))).all(db).await?);
    "functions-077" => lists(authors().values(|a| (a.pk(), coalesce((a.notes(), a.name())))).all(db).await?);
    "functions-082" => lists(Seat::objects().order_by(|s| s.pk()).filter(|s| coalesce((s.holder(), s.code(), s.section())).startswith("B")).values(|s| (s.pk(), coalesce((s.holder(), s.code(), s.section())))).all(db).await?);
    "functions-083" => lists(Person::objects().order_by(|p| p.pk()).values(|p| (p.pk(), coalesce((p.salary(), p.manager().salary())))).all(db).await?);
    "functions-086" => lists(books().values(|b| (b.pk(), b.authors().age().min().default(0))).all(db).await?);
    "functions-extra-002" => lists(authors().values(|a| (a.pk(), a.name().replace("a", "_"))).all(db).await?);
    "functions-extra-003" => lists(authors().values(|a| (a.pk(), a.name().str_index("o"))).all(db).await?);
    "functions-extra-006" => lists(authors().filter(q!(pk__lt = 4)).values(|a| (a.pk(), a.email().repeat(2))).all(db).await?);
    "functions-extra-013" => lists(authors().values(|a| (a.pk(), a.age().modulo(10))).all(db).await?);
    "functions-extra-014" => lists(authors().values(|a| (a.pk(), a.rating().power(2))).all(db).await?);
    "functions-extra-018" => lists(authors().values(|a| (a.pk(), a.age().cast::<String>())).all(db).await?);
    "functions-extra-019" => lists(authors().values(|a| (a.pk(), a.rating().cast::<i32>())).all(db).await?);
    "case-when-007" => lists(books().values(|b| (b.pk(), case().when(b.genre().eq("fic") & !b.in_print(), "old fiction").otherwise(b.title()))).all(db).await?);
    "case-when-008" => lists(books().values(|b| (b.pk(), case().when(b.price().isnull(true), "free?").when(b.price().lt(10), "cheap").otherwise("dear"))).all(db).await?);
    "case-when-012" => lists(books().filter(q!(pk = 1)).values(|b| (b.pk(), case().when(b.pk().in_([0; 0]), 1).otherwise(0))).all(db).await?);
    "case-when-015" => lists(books().values(|b| (b.pk(), case().when(b.pages().gt(b.publisher().founded()), "long").otherwise("short"))).all(db).await?);
    "case-when-023" => lists(books().values(|b| (b.pk(), case().when(b.published().year().gte(2000), b.published()).otherwise(day(2000, 1, 1)))).all(db).await?);
    "case-when-024" => lists(books().filter(q!(pk__lt = 9)).values(|b| (b.pk(), case().when(b.price().gt(20), b.price() / 2).otherwise(b.price()))).all(db).await?);
    "case-when-030" => lists(Library::objects().order_by(|l| l.pk()).values(|l| (l.pk(), case().when(l.librarian().isnull(true), 0).otherwise(1))).all(db).await?);
    "case-when-031" => lists(Library::objects().order_by(|l| l.pk()).values(|l| (l.pk(), case().when(l.librarian().salary().gt(4000), l.librarian().name()).otherwise("-"))).all(db).await?);
    "values-046" => lists(books().filter(q!(pk__lt = 5)).values(|b| (b.title().lower(), b.pages() * 2)).all(db).await?);
    "values-049" => dicts(&["published__year", "created_at__month"], books().filter(q!(pk__lt = 5)).values(|b| (b.published().year(), b.created_at().month())).all(db).await?);
}
