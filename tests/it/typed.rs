//! What users may write, compiled and not run: the spellings, the types of the results, and that
//! every future can be sent to another thread.

#![allow(
    clippy::needless_borrows_for_generic_args,
    clippy::assign_op_pattern,
    reason = "each spelling is there to be compiled"
)]

mod models;
mod verbs;

use models::auth::User;
use models::players::Player;
use models::teams::Team;
use models::*;
use orm::prelude::*;
use orm::{Extras, Result};
use std::sync::Arc;

fn q_combines(p1: &Publication, p2: Publication) {
    let _ = Article::objects().filter(q!(
        headline__startswith = "NASA" && (publications = p1 || publications = &p2) && !pub_date__year__gte = 2020
    ));
    let _ = Article::objects().filter(q!(!(headline = "a" || headline = "b"), id__gt = 3));
}

fn q_takes_related_rows(p1: &Publication, p2: Publication, lib: &Library) {
    let _ = Article::objects().filter(q!(publications__in = [p1, &p2]));
    let _ = Article::objects().filter(q!(publications__in = [1, 2]));
    let science = Publication::objects().filter(q!(title__icontains = "s"));
    let _ = Article::objects().filter(q!(publications__in = science));
    let _ = Article::objects().filter(q!(publications = 1));
    let _ = Article::objects().filter(q!(publications__pk = 1));
    let _ = Article::objects().filter(q!(publications__pk__in = vec![1, 2, 3]));
    let _ = Article::objects().filter(q!(publications__isnull = true));
    let _ = Library::objects().filter(q!(patron__name = "Bob", guests__name = "Al", librarian__name = "Eve"));
    let _ = Patron::objects().filter(q!(library = lib, visiting = None));
    let _ = Patron::objects().filter(q!(library = 2, library_id = 2, library__in = [2, 3]));
}

fn q_takes_keys(p: Patron, id: i64, opt_id: Option<i64>) {
    let _ = Article::objects().filter(q!(pk = 1));
    let _ = Patron::objects().filter(q!(library = p.library));
    let _ = Patron::objects().filter(q!(visiting = p.visiting));
    let _ = Patron::objects().filter(q!(library = &p.library));
    let _ = Patron::objects()
        .filter(q!(library = id))
        .filter(q!(library__id = id, library__id = opt_id));
    let _ = City::objects().filter(q!(country = "FR", type = "x"));
    let _ = City::objects().filter(q!(country__in = ["FR", "DE"]));
    let _ = Branch::objects().filter(q!(
        city__country__code = "FR",
        city__type = "x",
        city__type__icontains = "s"
    ));
    let tag = TagId::from(1);
    let _ = Tag::objects()
        .filter(q!(pk = tag))
        .filter(q!(parent = tag))
        .filter(q!(id__in = [tag, tag]));
}

fn q_takes_lists() {
    let ids = vec![1i64, 2];
    let _ = Article::objects().filter(q!(id__in = [1, 2, 3]));
    let _ = Article::objects().filter(q!(id__in = &ids));
    let _ = Article::objects().filter(q!(id__in = ids.iter()));
    let _ = Article::objects().filter(q!(id__in = ids.iter().map(|i| i + 1)));
    let _ = Article::objects().filter(q!(id__in = Book::objects().values(|b| b.id())));
    let _ = Article::objects().filter(q!(headline__in = ["a", "b"]));
}

fn q_takes_values() {
    let _ = Book::objects().filter(q!(votes__gt = F(min_votes)));
    let _ = Book::objects().filter(q!(votes__gt = F(min_votes) * 2 + 1));
    let _ = Book::objects().filter(q!(votes__range = (1, 10)));
    let _ = Book::objects().filter(q!(price__lt = 19.99, price__gt = 3));
    let _ = Book::objects().filter(q!(nick = None));
    let _ = Book::objects().filter(q!(nick = "x"));
    let _ = Book::objects().filter(q!(nick = Some("x".to_owned())));
    let _ = Book::objects().filter(q!(nick__isnull = true));
    let _ = Book::objects().filter(q!(title__startswith = F(nick)));
    let _ = Book::objects().filter(q!(libraries__name = F(title)));
    let _ = Library::objects().filter(q!(id = 3_000_000_000));
    let _ = Library::objects().filter(q!(state = "NY", phone_number__startswith = "516"));
    let _ = Article::objects().filter(q!(pub_date__year = 2005, pub_date__month__lt = 3));
    let _ = Article::objects().filter(q!(pub_date__gt = NaiveDate::default(), published = true));
    let owned = String::from("x");
    let text: &str = &owned;
    let _ = Library::objects()
        .filter(q!(name = &owned))
        .filter(q!(name = owned.clone()));
    let _ = Library::objects()
        .filter(q!(name = text))
        .filter(q!(name = &owned[..1]));
    let _ = Library::objects().filter(q!(name = format!("{text}x")));
}

fn conditions_as_closures() {
    let _ = Article::objects().filter(|a| a.published());
    let _ = Article::objects().filter(|a| !a.published() & a.id().gt(3));
    let _ = Article::objects().filter(|a| a.id().gt(3) & a.published() | a.published() & a.published());
    let _ = Article::objects().filter(|a| !a.published().eq(true));
    let _ = Article::objects()
        .filter(|a| a.pub_date__year__gte(2020))
        .filter(|a| a.headline__iregex("^nasa") & a.headline__regex("[0-9]"))
        .filter(|a| a.id__in([1, 2]));
    let _ = Library::objects().filter(|l| l.book().count().gt(3) & (l.patron().name().eq("x") | l.id().in_([1, 2])));
    let _ = Book::objects().filter(|b| {
        (
            b.votes().gt(b.min_votes() + 1),
            b.title().startswith("x"),
            b.votes().eq(b.votes() * 2 - b.min_votes()),
        )
    });
    let _ = Book::objects().filter(|b| b.price().gt(3) & b.price().lt(4.5));
    // The literal becomes an i64.
    let days = 3;
    let _ = Book::objects().filter(|b| b.votes().gte(days));
    let name = String::from("x");
    let names = vec!["a".to_owned()];
    let _ = Library::objects()
        .filter(|l| l.name().eq(&name) & l.name().in_(&names) & l.name__startswith(&name))
        .exclude(|l| l.name().eq(&name));
}

async fn computed(db: &Db) -> Result<()> {
    let _: Vec<(Library, i64, i64)> = Library::objects()
        .annotate(|l| (l.book().count(), l.patron().count()))
        .all(db)
        .await?;
    let _: Vec<(Library, i64, Option<i64>, Option<f64>)> = Library::objects()
        .annotate(|l| l.book().count())
        .annotate(|l| (l.book().votes().sum(), l.book().price().avg()))
        .all(db)
        .await?;
    let _: Vec<(Library, i64)> = Library::objects()
        .annotate(|l| l.book().count().filter(|l| l.book().price().gt(3.0)))
        .filter(|l| l.book().count().gt(3))
        .order_by(|l| (l.book().count().desc(), l.name()))
        .all(db)
        .await?;
    let _: Option<f64> = Book::objects().aggregate(db, |b| b.price().max()).await?;
    let _: i64 = Book::objects().aggregate(db, |b| b.count()).await?;
    Ok(())
}

async fn updates(db: &Db, lib: &Library) -> Result<()> {
    let _: u64 = Book::objects().update(db, |b| b.votes().set(b.votes() + 1)).await?;
    Book::objects()
        .filter(q!(price__gt = 3))
        .update(db, |b| {
            (
                b.votes().set(b.votes() + b.min_votes()),
                b.nick().set(None),
                b.title().set("x"),
            )
        })
        .await?;
    Book::objects().update(db, |b| b.nick().set("n")).await?;
    Patron::objects().update(db, |p| p.library().set(lib)).await?;
    Patron::objects()
        .update(db, |p| {
            (
                p.visiting().set(lib),
                p.name().set("x"),
                p.library_id().set(3),
                p.visiting_id().set(None),
            )
        })
        .await?;
    Patron::objects().update(db, |p| p.visiting().set(None)).await?;
    Ok(())
}

async fn values(db: &Db) -> Result<()> {
    let _: Vec<(i64, i64, Option<i64>)> = Patron::objects()
        .values(|p| (p.id(), p.library(), p.visiting()))
        .all(db)
        .await?;
    let _: Vec<(String, Option<String>)> = Library::objects()
        .values(|l| (l.name(), l.book().nick()))
        .all(db)
        .await?;
    let _: Vec<String> = Library::objects().values(|l| l.name()).distinct().all(db).await?;
    let articles = Article::objects().in_bulk(db, [1, 2]).await?;
    let _: Option<&Article> = articles.get(&1);
    let _: Article = Article::objects().latest(db, |a| a.pub_date()).await?;
    Ok(())
}

async fn select_related(db: &Db) -> Result<()> {
    let _: Vec<(Loan, Patron, Library, Option<Library>)> = Loan::objects()
        .select_related(|l| l.patron())
        .select_related(|l| l.patron().library())
        .select_related(|l| l.patron().visiting())
        .all(db)
        .await?;
    let _: Vec<(Branch, City, Country, Option<Country>)> = Branch::objects()
        .select_related(|b| b.city())
        .select_related(|b| b.city().country())
        .select_related(|b| b.old_city().country())
        .all(db)
        .await?;
    let _: Vec<(Library, Option<Librarian>)> = Library::objects().select_related(|l| l.librarian()).all(db).await?;
    let _: Vec<(Patron, Library)> = Patron::objects()
        .select_related(|p| p.library())
        .filter(|p| p.library().name().eq("x"))
        .all(db)
        .await?;
    let _: Option<(Patron, Library)> = Patron::objects().select_related(|p| p.library()).first(db).await?;
    let (p, l) = Patron::objects()
        .select_related(|p| p.library())
        .get(db, q!(pk = 1))
        .await?;
    let _: (String, String) = (p.name, l.name);
    Ok(())
}

async fn prefetch_related(db: &Db) -> Result<()> {
    let _: Vec<(Library, Vec<(Patron, Vec<Loan>)>)> = Library::objects()
        .prefetch_related(|l| {
            l.patron().using(
                Patron::objects()
                    .filter(q!(name__startswith = "B"))
                    .prefetch_related(|p| p.loan()),
            )
        })
        .all(db)
        .await?;
    let rows = Library::objects()
        .prefetch_related(|l| l.patron().using(Patron::objects().prefetch_related(|p| p.loan())))
        .all(db)
        .await?;
    for (library, patrons) in &rows {
        for (patron, loans) in patrons {
            for loan in loans {
                let _: (&String, &String, Option<NaiveDate>) = (&library.name, &patron.name, loan.due);
            }
        }
    }
    let _: Vec<(Patron, Vec<Book>, Library)> = Patron::objects()
        .prefetch_related(|p| p.library().book())
        .select_related(|p| p.library())
        .all(db)
        .await?;
    Ok(())
}

async fn many_to_many(db: &Db, article: &Article, p1: &Publication, p2: &Publication) -> Result<()> {
    article.publications().add(db, [p1, p2]).await?;
    article.publications().add(db, p1).await?;
    article.publications().add(db, [1, 2]).await?;
    article.publications().add(db, &vec![p1.clone()]).await?;
    article.publications().remove(db, [p1]).await?;
    article.publications().clear(db).await?;
    article.publications().set(db, [p1]).await?;
    let _: Publication = article.publications().create().title("x").save(db).await?;
    let _: Article = p1
        .article_set()
        .create()
        .headline("h")
        .pub_date(NaiveDate::default())
        .save(db)
        .await?;
    let _: Vec<Article> = p1
        .article_set()
        .filter(q!(headline = "x"))
        .order_by(|a| a.headline())
        .all(db)
        .await?;
    let _: Vec<Article> = p1.article_set().all(db).await?;
    let _: Article = p1.article_set().get(db, q!(pk = 1)).await?;
    let _: i64 = p1.article_set().count(db).await?;
    Ok(())
}

async fn foreign_keys(db: &Db, lib: &Library, bob: &Patron) -> Result<()> {
    let _: Patron = lib.patron_set().create().name("Bob").save(db).await?;
    let _: Vec<Patron> = lib.guests().all(db).await?;
    lib.guests().add(db, [bob]).await?;
    lib.guests().remove(db, bob).await?;
    lib.guests().clear(db).await?;
    let _: Vec<(Patron, Library)> = lib.patron_set().select_related(|p| p.library()).all(db).await?;
    let _: Option<Librarian> = lib.librarian(db).await?;
    let _: Option<Library> = bob.visiting(db).await?;
    let _: Library = bob.library(db).await?;
    let _: i64 = bob.library.pk();
    let key: ForeignKey<Library> = lib.into();
    let copy = key;
    let _: bool = key == copy;
    Ok(())
}

async fn create(db: &Db, lib: &Library, key: ForeignKey<Library>, name: String) -> Result<()> {
    Patron::create().name("Bob").library(lib).save(db).await?;
    Patron::create().library(3).name(name).save(db).await?;
    Patron::create()
        .library(key)
        .name("x".to_owned())
        .id(7)
        .save(db)
        .await?;
    let p: Patron = Patron::create().name("Bob").library(key).visiting(lib).save(db).await?;
    Patron::create()
        .name("Bob")
        .library(&p.library)
        .visiting(None)
        .save(db)
        .await?;
    Patron::create()
        .name("Bob")
        .library(p.library)
        .visiting(p.visiting)
        .save(db)
        .await?;
    Book::create().title("x").nick("n").save(db).await?;
    Book::create()
        .title("x")
        .nick(None)
        .price(1.5)
        .votes(3)
        .save(db)
        .await?;
    Book::create().title("x").nick(Some("a".to_owned())).save(db).await?;
    City::create().name("x").country("FR").save(db).await?;
    City::create().name("x").country("FR").r#type("y").save(db).await?;
    let (_, _): (City, bool) = City::create()
        .name("x")
        .country("FR")
        .get_or_create(db, |c| (c.name(), c.country()))
        .await?;
    let (_, _): (City, bool) = City::create()
        .name("x")
        .country("FR")
        .update_or_create(db, |c| c.name())
        .await?;
    let _ = Article {
        id: 0,
        headline: "h".into(),
        pub_date: NaiveDate::default(),
        published: true,
        publications: ManyToMany::default(),
    };
    Ok(())
}

async fn self_relations(db: &Db, x: &Person) -> Result<()> {
    let _: Vec<(Person, Option<Person>, Option<Person>)> = Person::objects()
        .select_related(|p| p.manager())
        .select_related(|p| p.manager().manager())
        .all(db)
        .await?;
    let _: Vec<(Person, Vec<Person>)> = Person::objects()
        .prefetch_related(|p| p.reports())
        .filter(q!(
            manager__manager__name = "x",
            reports__name = "y",
            friends__friends__name = "z"
        ))
        .all(db)
        .await?;
    x.friends().add(db, x).await?;
    let _: Option<Person> = x.manager(db).await?;
    let _: Vec<Person> = x.reports().all(db).await?;
    let _ = Person::objects().filter(|p| p.manager().is(x));
    let _ = Person::objects().exclude(q!(manager = None));
    let _ = Person {
        manager: Some(x.into()),
        ..x.clone()
    };
    let _ = Tag::objects().filter(|t| t.parent().parent().name().eq("x"));
    Ok(())
}

async fn other_modules(db: &Db, team: &Team) -> Result<()> {
    let _: Vec<(Player, Team, Option<Player>)> = Player::objects()
        .select_related(|p| p.team())
        .select_related(|p| p.team().captain())
        .filter(q!(captain_of__name = "x", team__captain__team__name = "y"))
        .all(db)
        .await?;
    let _: Vec<Player> = team.player_set().all(db).await?;
    let _: Option<Player> = team.captain(db).await?;
    Ok(())
}

async fn other_crates(db: &Db, user: &User) -> Result<()> {
    let _: Vec<Post> = user.post_set().all(db).await?;
    let _: Vec<Post> = user.edited().all(db).await?;
    let _: Option<Profile> = user.profile(db).await?;
    let _: Vec<(User, Vec<Post>)> = User::objects()
        .prefetch_related(|u| u.post())
        .filter(q!(post__text__icontains = "x", profile__bio = "y", edited__text = "z"))
        .all(db)
        .await?;
    let _: Vec<(User, Option<Profile>)> = User::objects().select_related(|u| u.profile()).all(db).await?;
    let _ = Post::objects().filter(q!(author__username = "x", author__profile__bio = "s", author = user));
    Ok(())
}

async fn list<M: Model>(db: &Db) -> Result<Vec<M>> {
    M::objects().all(db).await
}

async fn by_id<M: Model<Pk = i64>>(db: &Db, id: i64) -> Result<M> {
    M::objects().get(db, |m| m.pk().eq(id)).await
}

async fn by_id_on_any<M: Model<Pk = i64>>(db: &impl Executor, id: i64) -> Result<M> {
    M::objects().get(db, q!(pk = id)).await
}

async fn by_pk<M: Model>(db: &impl Executor, pk: M::Pk) -> Result<M> {
    M::objects().get(db, q!(pk = pk)).await
}

async fn page<M: Model>(db: &Db, rows: QuerySet<M>, size: u64) -> Result<(Vec<M>, i64)> {
    Ok((rows.clone().limit(size).all(db).await?, rows.count(db).await?))
}

async fn page_with<M: Model, X: Extras>(db: &Db, rows: QuerySet<M, X>, size: u64) -> Result<(Vec<X::Row<M>>, i64)> {
    Ok((rows.clone().limit(size).all(db).await?, rows.count(db).await?))
}

async fn generic(db: &Db) -> Result<()> {
    let _: Vec<Library> = list(db).await?;
    let _ = list::<Library>(db).await?;
    let _ = by_id::<Book>(db, 3).await?;
    let (_, _): (Vec<Book>, i64) = page(db, Book::objects().filter(q!(pk = 1)), 3).await?;
    let (rows, _) = page_with(db, Book::objects().annotate(|b| b.libraries().count()), 3).await?;
    let _: Option<&(Book, i64)> = rows.first();
    Ok(())
}

/// A method of the user's, whatever the rows carry.
trait Published {
    fn published(self) -> Self;
}

impl<X: Extras> Published for QuerySet<Article, X> {
    fn published(self) -> Self {
        self.filter(|a| a.published().eq(true))
    }
}

/// A method of the user's that related sets have as well.
trait Recent: Into<QuerySet<Article>> + Sized {
    fn recent(self) -> QuerySet<Article> {
        self.into().order_by(|a| a.pub_date().desc()).limit(5)
    }
}

impl<T: Into<QuerySet<Article>>> Recent for T {}

async fn own_methods(db: &Db, p: &Publication) -> Result<()> {
    Article::objects()
        .published()
        .filter(q!(pk = 1))
        .published()
        .all(db)
        .await?;
    Article::objects()
        .annotate(|a| a.publications().count())
        .published()
        .all(db)
        .await?;
    p.article_set().recent().published().all(db).await?;
    Article::objects().recent().count(db).await?;
    Ok(())
}

fn nasa(a: ArticleFields<Article, One>) -> Q<Article> {
    a.headline().startswith("NASA")
}

fn is_nasa<R: Model, C: Cardinality>(a: ArticleFields<R, C>) -> Q<R> {
    a.headline().startswith("NASA") & a.published()
}

async fn own_conditions(db: &Db, words: &[String], published_only: bool, kind: u8) -> Result<()> {
    Article::objects().filter(nasa).filter(is_nasa).count(db).await?;
    Publication::objects()
        .filter(|p| is_nasa(p.article()) & p.title().eq("x"))
        .count(db)
        .await?;
    let mut q = Q::<Article>::new(q!(headline = "x"));
    for word in words {
        q = q | Article::q(q!(headline__icontains = word));
    }
    for word in words {
        q |= Article::q(|a| a.headline().icontains(word));
    }
    Article::objects().filter(|_| q).all(db).await?;
    let any = Q::any(words.iter().map(|w| Article::q(q!(headline__icontains = w))));
    Article::objects().filter(|_| &any).exclude(|_| &any).all(db).await?;
    Article::objects()
        .filter(|a| Q::any(words.iter().map(|w| a.headline().icontains(w))))
        .all(db)
        .await?;
    let mut rows = Article::objects();
    if published_only {
        rows = rows.filter(q!(published = true));
    }
    let rows = rows.filter(|a| match kind {
        0 => a.headline().eq("x"),
        1 => a.id().gt(3),
        _ => a.pub_date().year().eq(2020),
    });
    let _: i64 = rows.clone().count(db).await? + rows.count(db).await?;
    Ok(())
}

/// Querysets as fields of a struct.
#[allow(dead_code, reason = "only its type is of interest")]
struct Page {
    counted: QuerySet<Library, (i64,)>,
    plain: QuerySet<Library>,
}

fn in_a_struct() -> Page {
    Page {
        counted: Library::objects().annotate(|l| l.book().count()),
        plain: Library::objects(),
    }
}

/// An error of a service's own.
#[derive(Debug)]
#[allow(dead_code, reason = "only its type is of interest")]
enum ServiceError {
    Orm(Error),
    Full,
}

impl From<Error> for ServiceError {
    fn from(error: Error) -> Self {
        ServiceError::Orm(error)
    }
}

async fn transactions(db: Db, lib: Library, name: &str) -> Result<i64> {
    let names = vec![String::from("a")];
    let borrowed = &names;
    let bob = db
        .atomic(async |tx| {
            let bob = Patron::create().name(name).library(&lib).save(&tx).await?;
            tx.atomic(async |tx| {
                for name in borrowed {
                    Patron::create().name(name.as_str()).library(&lib).save(&tx).await?;
                }
                Ok(bob.id)
            })
            .await?;
            let _: Vec<Library> = Library::objects().filter(q!(name = &names[0])).all(&tx).await?;
            on_any(&tx, &lib).await?;
            on_a_transaction(&tx).await?;
            Ok(bob)
        })
        .await?;
    let count = db
        .atomic(|tx| async move { Library::objects().count(&tx).await })
        .await?;
    let _: std::result::Result<i64, ServiceError> = db
        .atomic_with(async |tx| {
            let count = Library::objects().count(&tx).await?;
            if count > 3 { Err(ServiceError::Full) } else { Ok(count) }
        })
        .await;
    let mut hits = 0;
    db.atomic(async |tx| {
        hits += Library::objects().count(&tx).await?;
        Ok(())
    })
    .await?;
    Ok(bob.id + count + hits)
}

async fn on_any(db: &impl Executor, lib: &Library) -> Result<i64> {
    orm::atomic(db, async |tx| lib.patron_set().count(&tx).await).await
}

async fn on_a_transaction(tx: &Tx) -> Result<i64> {
    Library::objects().count(tx).await
}

fn is_send<T: Send>(_: T) {}

/// Every future above can be sent to another thread.
#[allow(clippy::too_many_arguments, reason = "one of each model")]
fn sends(
    db: &'static Db,
    lib: &'static Library,
    article: &'static Article,
    publication: &'static Publication,
    bob: &'static Patron,
    person: &'static Person,
    team: &'static Team,
    user: &'static User,
) {
    is_send(computed(db));
    is_send(verbs::all(db, person));
    is_send(updates(db, lib));
    is_send(values(db));
    is_send(select_related(db));
    is_send(prefetch_related(db));
    is_send(many_to_many(db, article, publication, publication));
    is_send(foreign_keys(db, lib, bob));
    is_send(create(db, lib, ForeignKey::new(1), "x".into()));
    is_send(self_relations(db, person));
    is_send(other_modules(db, team));
    is_send(other_crates(db, user));
    is_send(list::<Library>(db));
    is_send(by_id::<Book>(db, 1));
    is_send(by_id_on_any::<Book>(db, 1));
    is_send(by_pk::<Tag>(db, TagId::from(1)));
    is_send(generic(db));
    is_send(own_methods(db, publication));
    is_send(own_conditions(db, &[], true, 0));
    is_send(transactions(db.clone(), lib.clone(), "x"));
    let shared = Arc::new(db.clone());
    is_send(async move {
        Library::objects().all(&shared).await?;
        Library::objects().all(&&shared).await
    });
}

fn sends_for_any_model<M: Model>(db: &'static Db) {
    is_send(M::objects().all(db));
    is_send(M::objects().get(db, |m| m.pk().isnull(false)));
}

fn spawns(db: Db) {
    tokio::spawn(async move { db.atomic(async |tx| Library::objects().all(&tx).await).await });
}

#[test]
fn compiles() {
    // Taking the functions' addresses is all that is done with them: there is no database here.
    let _ = (
        q_combines,
        q_takes_related_rows,
        q_takes_keys,
        q_takes_lists,
        q_takes_values,
    );
    let _ = (
        conditions_as_closures,
        in_a_struct,
        sends,
        sends_for_any_model::<Library>,
        spawns,
    );
}
