//! Foreign keys that hold another unique field than the primary key.

use orm::prelude::*;
use orm::shell::Shell;
use orm::{Backend, IntegrityKind};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "to_field", display = "{slug}")]
pub struct Label {
    pub id: i64,
    #[field(slug, unique)]
    pub slug: String,
    #[field(max_length = 30, default = "")]
    pub name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "to_field", ordering = ["label", "-weight"], display = "{weight}")]
pub struct Sticker {
    pub id: i64,
    #[field(to_field = "slug", column = "label_slug", related_name = "stickers")]
    pub label: ForeignKeyBy<Label, String>,
    #[field(to_field = "slug", on_delete = SET_NULL, related_name = "backs")]
    pub back: Option<ForeignKeyBy<Label, String>>,
    #[field(default = 1)]
    pub weight: i32,
}

/// A key that is the primary key as well.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "to_field")]
pub struct Cover {
    #[field(primary_key, to_field = "slug")]
    pub label: OneToOneBy<Label, String>,
    pub pages: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "to_field")]
pub struct Ticket {
    pub id: i64,
    #[field(max_length = 20, unique)]
    pub code: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "to_field")]
pub struct Stub {
    pub id: i64,
    #[field(to_field = "code")]
    pub ticket: Option<ForeignKeyBy<Ticket, String>>,
}

struct Data {
    red: Label,
    blue: Label,
    one: Sticker,
    two: Sticker,
    three: Sticker,
}

async fn data(db: &Db) -> orm::Result<Data> {
    // The keys are not in the order of the slugs.
    let red = Label::create().slug("red").name("Red").save(db).await?;
    let blue = Label::create().slug("blue").name("Blue").save(db).await?;
    let one = Sticker::create().label(&red).weight(1).save(db).await?;
    let two = Sticker::create().label("blue").weight(2).save(db).await?;
    let three = red
        .stickers()
        .create()
        .back(Some(two.label.clone()))
        .weight(3)
        .save(db)
        .await?;
    Ok(Data {
        red,
        blue,
        one,
        two,
        three,
    })
}

fn from(rows: &QuerySet<Sticker>) -> String {
    let sql = rows.to_sql(Backend::Sqlite).unwrap_or_else(|error| error.to_string());
    sql.split_once(" FROM ")
        .map_or(sql.clone(), |(_, from)| from.to_owned())
}

#[test]
fn the_column_is_compared_with_the_field() {
    let rows = || Sticker::objects().order_by(|_| ());
    let join = r#""to_field_sticker" INNER JOIN "to_field_label" ON ("to_field_sticker"."label_slug" = "to_field_label"."slug")"#;
    assert_eq!(
        from(&rows().filter(q!(label__name = "Red"))),
        format!(r#"{join} WHERE "to_field_label"."name" = 'Red'"#)
    );
    for same in [
        rows().filter(q!(label__slug = "red")),
        rows().filter(q!(label_id = "red")),
    ] {
        assert_eq!(
            from(&same),
            r#""to_field_sticker" WHERE "to_field_sticker"."label_slug" = 'red'"#
        );
    }
    // The primary key stands in the other table.
    assert_eq!(
        from(&rows().filter(q!(label__id = 3))),
        format!(r#"{join} WHERE "to_field_label"."id" = 3"#)
    );
    assert_eq!(
        from(&Sticker::objects()),
        r#""to_field_sticker" ORDER BY "to_field_sticker"."label_slug" ASC, "to_field_sticker"."weight" DESC"#
    );
}

#[orm::test(apps = ["to_field"])]
async fn forwards(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    assert_eq!(
        (d.one.label.key().as_str(), d.two.label.key().as_str()),
        ("red", "blue")
    );
    assert_eq!(d.one.label(&db).await?, d.red);
    assert_eq!(d.one.back(&db).await?, None);
    assert_eq!(d.three.back(&db).await?, Some(d.blue.clone()));
    let rows: Vec<(Sticker, Label, Option<Label>)> = Sticker::objects()
        .select_related(|s| s.label())
        .select_related(|s| s.back())
        .all(&db)
        .await?;
    let expected = [
        (d.two.clone(), d.blue.clone(), None),
        (d.three.clone(), d.red.clone(), Some(d.blue.clone())),
        (d.one.clone(), d.red.clone(), None),
    ];
    assert_eq!(rows, expected);
    let by_row = Sticker::objects().filter(|s| s.label().is(&d.red)).count(&db).await?;
    let without = Sticker::objects().filter(q!(back__isnull = true)).count(&db).await?;
    assert_eq!((by_row, without), (2, 2));
    let names = Sticker::objects()
        .values(|s| (s.label_id(), s.back().name()))
        .all(&db)
        .await?;
    assert_eq!(names[1], ("red".to_owned(), Some("Blue".to_owned())));
    Ok(())
}

#[orm::test(apps = ["to_field"])]
async fn backwards(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    assert_eq!(d.red.stickers().all(&db).await?, [d.three.clone(), d.one.clone()]);
    assert_eq!(d.blue.backs().get(&db, |_| ()).await?, d.three);
    let rows = Label::objects()
        .filter(q!(stickers__weight__gt = 1))
        .order_by(|l| l.id())
        .all(&db)
        .await?;
    assert_eq!(rows, [d.red.clone(), d.blue.clone()]);
    let light = Label::objects()
        .exclude(q!(stickers__weight__gt = 2))
        .get(&db, |_| ())
        .await?;
    assert_eq!(light, d.blue);
    let counted = Label::objects()
        .order_by(|l| l.id())
        .annotate(|l| l.stickers().count())
        .all(&db)
        .await?;
    assert_eq!(counted, [(d.red.clone(), 2), (d.blue.clone(), 1)]);
    let rows = Label::objects()
        .order_by(|l| l.id())
        .prefetch_related(|l| l.stickers())
        .prefetch_related(|l| l.backs())
        .all(&db)
        .await?;
    let expected = [
        (d.red.clone(), vec![d.three.clone(), d.one.clone()], vec![]),
        (d.blue.clone(), vec![d.two.clone()], vec![d.three.clone()]),
    ];
    assert_eq!(rows, expected);
    // By name, from both ends.
    let mut shell = Shell::new(db.clone(), &[Label::meta(), Sticker::meta()]);
    for (text, expected) in [
        ("s = Sticker.objects.prefetch_related('label').get(weight=3)", 2),
        ("s.label.slug", 0),
        ("l = Label.objects.prefetch_related('stickers').get(slug='red')", 2),
        ("l.stickers.all().count()", 0),
    ] {
        let capture = db.capture_queries();
        shell.run(text).await.unwrap();
        assert_eq!(capture.queries().len(), expected, "{text}");
    }
    d.blue.backs().add(&db, [&d.one, &d.two]).await?;
    d.blue.backs().remove(&db, [&d.three]).await?;
    assert_eq!(
        d.blue.backs().all(&db).await?.iter().map(|s| s.id).collect::<Vec<_>>(),
        [d.two.id, d.one.id]
    );
    d.blue.backs().clear(&db).await?;
    assert_eq!(d.blue.backs().count(&db).await?, 0);
    Ok(())
}

#[orm::test(apps = ["to_field"])]
async fn writing(db: Db) -> orm::Result<()> {
    let mut d = data(&db).await?;
    d.one.label = ForeignKeyBy::new("blue".to_owned());
    d.one.save(&db).await?;
    assert_eq!(d.blue.stickers().count(&db).await?, 2);
    Sticker::objects().update(&db, |s| s.label_id().set("red")).await?;
    assert_eq!(d.red.stickers().count(&db).await?, 3);
    let (same, created) = Sticker::create()
        .label(&d.red)
        .weight(3)
        .get_or_create(&db, |s| (s.label_id(), s.weight()))
        .await?;
    assert_eq!((same.id, created), (d.three.id, false));
    let cover = Cover::create().label(&d.red).pages(7).save(&db).await?;
    assert_eq!(d.red.cover(&db).await?, Some(cover.clone()));
    assert_eq!(Cover::objects().get(&db, q!(pk = "red")).await?, cover);
    let error = Sticker::create().label("green").save(&db).await;
    assert!(
        matches!(
            error,
            Err(Error::Integrity {
                kind: IntegrityKind::ForeignKey,
                ..
            })
        ),
        "{error:?}"
    );
    Ok(())
}

#[orm::test(apps = ["to_field"])]
async fn deleting(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    Cover::create().label(&d.blue).pages(7).save(&db).await?;
    let deleted = d.blue.delete(&db).await?;
    assert_eq!(deleted.total, 3, "{deleted:?}");
    let left = Sticker::objects().all(&db).await?;
    assert_eq!(
        left.iter().map(|s| (s.id, s.back.is_some())).collect::<Vec<_>>(),
        [(d.three.id, false), (d.one.id, false)]
    );
    Ok(())
}

/// Rows that refer to nothing do not refer to a row that has no value to refer to.
#[orm::test(apps = ["to_field"])]
async fn a_field_without_a_value(db: Db) -> orm::Result<()> {
    let ticket = Ticket::create().code("x").save(&db).await?;
    let blank = Ticket::create().save(&db).await?;
    let stub = Stub::create().ticket(&ticket).save(&db).await?;
    Stub::create().save(&db).await?;
    assert_eq!(ticket.stub_set().get(&db, |_| ()).await?, stub);
    assert_eq!(blank.stub_set().count(&db).await?, 0);
    let error = blank.stub_set().add(&db, [&stub]).await.unwrap_err();
    assert!(error.to_string().contains("\"code\""), "{error}");
    assert_eq!(blank.stub_set().delete(&db).await?.total, 0);
    assert_eq!(Stub::objects().count(&db).await?, 2);
    Ok(())
}
