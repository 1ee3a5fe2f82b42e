//! delete, and what becomes of the rows that refer to the deleted ones.

use super::models::{Author, Book, Person, Publisher, Review, data, shown};
use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Owner {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Item {
    pub id: i64,
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Part {
    pub id: i64,
    pub item: ForeignKey<Item>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Guarded {
    pub id: i64,
    #[field(on_delete = PROTECT)]
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Fallback {
    pub id: i64,
    #[field(on_delete = SET_DEFAULT, default = 1)]
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Song {
    pub id: i64,
    pub owner: ForeignKey<Owner>,
    #[field(on_delete = RESTRICT)]
    pub item: ForeignKey<Item>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Entrusted {
    pub id: i64,
    #[field(on_delete = SET(1))]
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Node {
    pub id: i64,
    pub parent: Option<ForeignKey<Self>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Team {
    pub id: i64,
    #[field(related_name = "led")]
    pub leader: Option<ForeignKey<Player>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "on_delete")]
pub struct Player {
    pub id: i64,
    pub team: ForeignKey<Team>,
}

/// What was sent, as SQLite would be sent it.
fn sent(capture: &orm::exec::Capture) -> Vec<String> {
    let queries = capture.queries();
    queries
        .iter()
        .map(|sql| sql.replace('`', "\"").replace("= ANY($1)", "IN (?)").replace("$1", "?"))
        .collect()
}

/// Rows that nothing refers to are not looked at before they go.
#[orm::test(apps = ["shop"])]
async fn no_more_is_asked_than_must_be(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let capture = db.capture_queries();
    d.logic.delete(&db).await?;
    assert_eq!(
        sent(&capture),
        [
            r#"DELETE FROM "shop_book_authors" WHERE "shop_book_authors"."book_id" IN (?)"#,
            r#"DELETE FROM "shop_review" WHERE "shop_review"."book_id" IN (?)"#,
            r#"DELETE FROM "shop_book" WHERE "shop_book"."id" IN (?)"#,
        ]
    );
    let capture = db.capture_queries();
    Review::objects().filter(q!(stars__lt = 3)).delete(&db).await?;
    assert_eq!(
        sent(&capture),
        [r#"DELETE FROM "shop_review" WHERE "shop_review"."stars" < ?"#]
    );
    let capture = db.capture_queries();
    let deleted = Review::objects().filter(q!(book__title = "x")).delete(&db).await?;
    assert_eq!((deleted.total, capture.queries().len()), (0, 1));
    let ann = Person::create().name("Ann").save(&db).await?;
    let capture = db.capture_queries();
    ann.friends().clear(&db).await?;
    let clear = r#"DELETE FROM "shop_person_friends" WHERE "shop_person_friends"."from_person_id" IN (?)"#;
    assert!(sent(&capture)[0].starts_with(clear) && capture.queries().len() == 1);
    Ok(())
}

#[orm::test(apps = ["on_delete"])]
async fn set_to_a_value(db: Db) -> orm::Result<()> {
    let heir = Owner::create().name("heir").id(1).save(&db).await?;
    let owner = Owner::create().name("owner").id(2).save(&db).await?;
    let entrusted = Entrusted::create().owner(&owner).save(&db).await?;
    assert_eq!(owner.delete(&db).await?.total, 1);
    let entrusted = Entrusted::objects().get(&db, q!(pk = entrusted.id)).await?;
    assert_eq!(entrusted.owner.pk(), heir.id);
    // The one to whom it would fall back cannot go.
    assert!(matches!(heir.delete(&db).await, Err(Error::Integrity { .. })));
    Ok(())
}

/// More rows than a statement has arguments on any database but PostgreSQL.
#[orm::test(apps = ["on_delete"])]
async fn very_many_rows(db: Db) -> orm::Result<()> {
    let new = (0..66_000).map(|_| Owner::create().name("x"));
    let owners = Owner::objects().bulk_create(&db, new).await?;
    let (first, last) = (&owners[0], &owners[owners.len() - 1]);
    let item = Item::create().owner(first).save(&db).await?;
    for owner in [first, last] {
        Song::create().owner(owner).item(&item).save(&db).await?;
    }
    let deleted = Owner::objects().delete(&db).await?;
    assert_eq!(deleted.total, 66_003);
    assert_eq!(Song::objects().count(&db).await?, 0);
    Ok(())
}

/// Tables that refer to each other, on databases that check each row at once.
#[orm::test(apps = ["on_delete"])]
async fn a_circle_goes_from_either_side(db: Db) -> orm::Result<()> {
    for by_team in [true, false] {
        let mut team = Team::create().save(&db).await?;
        let leader = Player::create().team(&team).save(&db).await?;
        Player::create().team(&team).save(&db).await?;
        team.leader = Some((&leader).into());
        team.save(&db).await?;
        let deleted = if by_team {
            team.delete(&db).await?
        } else {
            leader.delete(&db).await?
        };
        assert_eq!(deleted.total, 3);
    }
    assert_eq!(Player::objects().count(&db).await?, 0);
    Ok(())
}

/// Rows of a table that refer to each other, on databases that check each of them at once.
#[orm::test(apps = ["on_delete"])]
async fn a_tree_goes_from_its_root(db: Db) -> orm::Result<()> {
    let root = Node::create().save(&db).await?;
    let child = Node::create().parent(&root).save(&db).await?;
    let other = Node::create().parent(&root).save(&db).await?;
    Node::create().parent(&child).save(&db).await?;
    Node::create().parent(&other).save(&db).await?;
    assert_eq!(root.delete(&db).await?.total, 5);
    assert_eq!(Node::objects().count(&db).await?, 0);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn rows_go_with_what_they_refer_to(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let deleted = d.logic.delete(&db).await?;
    assert_eq!(deleted.total, 5);
    let by_model: Vec<_> = deleted.by_model.iter().map(|(m, n)| (m.as_str(), *n)).collect();
    assert_eq!(
        by_model,
        [("shop.Book", 1), ("shop.Book_authors", 2), ("shop.Review", 2)]
    );
    assert_eq!(Review::objects().count(&db).await?, 1);
    assert_eq!(shown(&d.bob.books().all(&db).await?), "Poems");
    // The books' publisher is not required, but its `on_delete` is CASCADE.
    assert_eq!(
        Publisher::objects().filter(q!(name = "North")).delete(&db).await?.total,
        4
    );
    assert_eq!(shown(&Book::objects().all(&db).await?), "Atlas, Blank");
    let gone = Author::objects().filter(q!(books__title = "Atlas")).delete(&db).await?;
    assert_eq!(gone.by_model.get("shop.Author"), Some(&2));
    assert_eq!(Book::objects().filter(q!(pages = 12345)).delete(&db).await?.total, 0);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn set_null_and_circles(db: Db) -> orm::Result<()> {
    let ann = Person::create().name("Ann").save(&db).await?;
    let ben = Person::create().name("Ben").manager(&ann).save(&db).await?;
    ann.friends().add(&db, &ben).await?;
    assert_eq!(ann.delete(&db).await?.by_model.get("shop.Person"), Some(&1));
    assert_eq!(Person::objects().get(&db, q!(pk = ben.id)).await?.manager, None);
    assert_eq!(ben.friends().count(&db).await?, 0);
    Ok(())
}

#[orm::test(apps = ["on_delete"])]
async fn protect_restrict_set_default(db: Db) -> orm::Result<()> {
    let owner = |name: &str| Owner::create().name(name);
    let first = owner("first").id(1).save(&db).await?;
    let second = owner("second").id(2).save(&db).await?;
    let third = owner("third").id(3).save(&db).await?;
    let guarded = Guarded::create().owner(&second).save(&db).await?;
    Item::create().owner(&second).save(&db).await?;
    let error = second.delete(&db).await.unwrap_err();
    let Error::Protected { model, relations } = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (*model, relations.as_slice()),
        ("Owner", &["Guarded.owner".to_owned()][..])
    );
    assert_eq!(Item::objects().count(&db).await?, 1);
    guarded.delete(&db).await?;
    let fallback = Fallback::create().owner(&second).save(&db).await?;
    assert_eq!(second.delete(&db).await?.total, 2);
    assert_eq!(Fallback::objects().get(&db, q!(pk = fallback.id)).await?.owner.pk(), 1);
    // Restricted rows that go by another way do not stop the deletion.
    let item = Item::create().owner(&third).save(&db).await?;
    Part::create().item(&item).save(&db).await?;
    let song = Song::create().owner(&first).item(&item).save(&db).await?;
    assert!(matches!(
        item.delete(&db).await,
        Err(Error::Restricted { model: "Item", .. })
    ));
    assert!(third.delete(&db).await.is_err());
    Song::objects()
        .filter(q!(pk = song.id))
        .update(&db, |s| s.owner().set(&third))
        .await?;
    let deleted = third.delete(&db).await?;
    assert_eq!(deleted.total, 4, "{deleted:?}");
    Ok(())
}

/// Conditions on aggregates choose the rows that are changed, as they choose those that are read.
#[orm::test(apps = ["shop"])]
async fn by_their_groups(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let busy = Author::objects().filter(|a| a.books().count().gt(1));
    assert_eq!(busy.update(&db, |a| a.age().set(1)).await?, 2);
    let others = Author::objects()
        .annotate(|a| a.books().count())
        .filter_with(|_, books| books.lt(2))
        .filter(q!(name__startswith = "C"));
    assert_eq!(others.update(&db, |a| a.age().set(2)).await?, 1);
    let ages = Author::objects().order_by(|a| a.name()).values(|a| a.age());
    assert_eq!(ages.all(&db).await?, [Some(1), Some(1), Some(2)]);
    // Nothing refers to reviews, so that one statement deletes them.
    let of_several = Review::objects().filter(|r| r.book().authors().count().gt(1));
    assert_eq!(of_several.delete(&db).await?.total, 2);
    assert_eq!(Review::objects().count(&db).await?, 1);
    let alone = Author::objects().filter(|a| a.books().count().eq(1));
    assert_eq!(alone.delete(&db).await?.by_model["shop.Author"], 1);
    assert_eq!(Author::objects().filter(q!(name = "Cleo")).count(&db).await?, 0);
    Ok(())
}
