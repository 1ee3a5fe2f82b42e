//! Paths over each sort of relation, several conditions on one, negations.

use super::super::models::*;
use super::answer::*;
use super::cases;
use orm::prelude::*;

cases! { db;
    "path-fk-forward-002" => rows(Book::objects().filter(q!(publisher__name__icontains = "FF")).all(db).await?);
    "exclude-fk-forward-001" => rows(Book::objects().exclude(q!(publisher__name = "Carl Hanser")).all(db).await?);
    "path-fk-reverse-004" => rows(Publisher::objects().filter(|p| p.books().title().gte("Leap of Faith")).all(db).await?);
    "exclude-fk-reverse-004" => rows(Publisher::objects().exclude(q!(books__title__isnull = true)).all(db).await?);
    "path-m2m-forward-003" => rows(Article::objects().filter(q!(publications__title__icontains = " F")).all(db).await?);
    "exclude-m2m-forward-005" => rows(Article::objects().exclude(q!(publications__title__lt = "Science Weekly")).all(db).await?);
    "path-m2m-reverse-002" => rows(Publication::objects().filter(q!(article__headline__contains = "ui")).all(db).await?);
    "path-o2o-forward-002" => rows(Librarian::objects().filter(q!(library__name__iexact = "sTADTBIBLIOTHEK")).all(db).await?);
    "path-o2o-reverse-001" => rows(Library::objects().filter(q!(librarian__name = "Klaus")).all(db).await?);
    "exclude-o2o-reverse-002" => rows(Library::objects().exclude(q!(librarian__name__icontains = "ÉL")).all(db).await?);
    "path-o2o-pk-001" => rows(Place::objects().filter(q!(restaurant__waiter__name = "joe")).all(db).await?);
    "path-self-fk-005" => rows(Person::objects().filter(q!(manager__name__startswith = "An")).all(db).await?);
    "exclude-self-m2m-004" => rows(Person::objects().exclude(q!(friends__name__isnull = true)).all(db).await?);
    "path-through-001" => rows(Group::objects().filter(q!(members__name = "Cid")).all(db).await?);
    "path-three-hops-001" => rows(Book::objects().filter(q!(publisher__city__country__name = "United States")).all(db).await?);
    "path-to-field-008" => rows(Tagging::objects().filter(q!(tag__label__lt = "Root")).all(db).await?);
    "path-custom-pk-001" => rows(Business::objects().filter(q!(employees__last_name = "Bones")).all(db).await?);
    "dates-self-003" => rows(Person::objects().filter(q!(manager__membership__joined__gte = day(2021, 1, 3))).all(db).await?);
    "relation-instance-003" => rows(Article::objects().filter(q!(publications = 1)).all(db).await?);
    "multi-valued-filter-001" => rows(Author::objects().filter(q!(books__genre = "fic", books__price__gt = 15)).all(db).await?);
    "multi-valued-filter-002" => rows(Author::objects().filter(q!(books__genre = "fic")).filter(q!(books__price__gt = 15)).all(db).await?);
    "multi-valued-filter-014" => rows(Book::objects().filter(q!(authors = 1)).filter(q!(authors = 2)).all(db).await?);
    "exclude-multi-004" => rows(Author::objects().exclude(q!(books__genre = "fic" || books__genre = "ref")).all(db).await?);
    "exclude-multi-008" => rows(Author::objects().filter(q!(!books__genre = "fic", books__isnull = false)).distinct().all(db).await?);
    "null-handling-003" => rows(Author::objects().exclude(q!(notes = None)).all(db).await?);
    "null-handling-011" => rows(Author::objects().exclude(q!(age = 45)).all(db).await?);
    "null-handling-016" => rows(Author::objects().filter(q!(age__in = [None::<i32>])).all(db).await?);
    "q-objects-005" => rows(Book::objects().filter(|b| !b.genre().eq("fic") & !b.genre().eq("ref")).all(db).await?);
    "q-objects-009" => rows(Book::objects().filter(q!((genre = "fic" || genre = "sci") && (pages__lt = 100 || price__gt = 20))).all(db).await?);
    "q-objects-011" => rows(Book::objects().filter(|b| b.genre().eq("fic") ^ b.in_print()).all(db).await?);
}
