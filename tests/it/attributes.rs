//! What the attributes of models and fields do.

use orm::prelude::*;
use orm::{Hooks, IntegrityKind};

fn even(number: &i32) -> Result<(), String> {
    if number % 2 == 0 {
        Ok(())
    } else {
        Err(format!("{number} is odd."))
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "attributes", hooks, get_latest_by = "number", comment = "everything checked")]
pub struct Checked {
    pub id: i64,
    #[field(email, default = "")]
    pub email: String,
    #[field(url, default = "")]
    pub url: String,
    #[field(slug, default = "")]
    pub slug: String,
    #[field(max_length = 10, regex = "^[a-z]+$", default = "")]
    pub word: String,
    #[field(min = 0, max = 100, validate = even, default = 0)]
    pub number: i32,
    #[field(max_length = 1, choices = [("r", "Red"), ("g", "Green")], default = "r", column = "colour")]
    pub color: String,
}

impl Hooks for Checked {
    fn before_save(&mut self) -> orm::Result<()> {
        self.word = self.word.trim().to_owned();
        if self.word == "forbidden" {
            Err(Error::Other("not that word".into()))
        } else {
            Ok(())
        }
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    app = "attributes",
    unique_together = [["section", "number"]],
    unique(fields = ["holder"], name = "uniq_vip_holder", condition = (vip = true)),
    check(name = "price_not_negative", condition = (price__gte = 0)),
    index(fields = ["section", "-price"], name = "seat_section_price_idx")
)]
pub struct Seat {
    pub id: i64,
    #[field(max_length = 10)]
    pub section: String,
    pub number: i32,
    #[field(max_length = 30)]
    pub holder: Option<String>,
    #[field(default = false)]
    pub vip: bool,
    #[field(default = 10, db_default = 10)]
    pub price: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "attributes", display = "{name}")]
pub struct Member {
    pub id: i64,
    #[field(max_length = 50)]
    pub name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "attributes", display = "{name}")]
pub struct Club {
    pub id: i64,
    #[field(max_length = 50)]
    pub name: String,
    #[field(through = Membership, through_fields = ["club", "member"], related_name = "clubs")]
    pub members: ManyToMany<Member>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "attributes")]
pub struct Membership {
    pub id: i64,
    pub member: ForeignKey<Member>,
    pub club: ForeignKey<Club>,
    #[field(max_length = 20, default = "member")]
    pub role: String,
    #[field(related_name = "+", on_delete = SET_NULL)]
    pub inviter: Option<ForeignKey<Member>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "attributes")]
pub struct Label {
    #[field(primary_key, max_length = 20, db_default = "new")]
    pub code: String,
    #[field(max_length = 30)]
    pub text: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "attributes")]
pub struct Grade {
    #[field(primary_key, db_default = 7)]
    pub number: i32,
    #[field(max_length = 30, db_default = "pass")]
    pub text: String,
}

/// More pairs than a statement has arguments on any database but PostgreSQL.
#[orm::test(apps = ["attributes"])]
async fn very_many_rows_of_a_through_model(db: Db) -> orm::Result<()> {
    let new = (0..66_000).map(|_| Member::create().name("x"));
    let members = Member::objects().bulk_create(&db, new).await?;
    let club = Club::create().name("c").save(&db).await?;
    club.members().add(&db, &members[1..3]).await?;
    club.members().add(&db, &members).await?;
    assert_eq!(club.members().count(&db).await?, 66_000);
    Ok(())
}

#[orm::test(apps = ["attributes"])]
async fn hooks_of_update_or_create(db: Db) -> orm::Result<()> {
    let word = |word: &str| Checked::create().number(2).word(word);
    let (row, created) = word("a").update_or_create(&db, |c| c.number()).await?;
    assert!(created && row.word == "a");
    let (row, created) = word(" b ").update_or_create(&db, |c| c.number()).await?;
    assert!(!created && row.word == "b");
    let error = word("forbidden")
        .update_or_create(&db, |c| c.number())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Other(_)), "{error}");
    assert_eq!(Checked::objects().all(&db).await?, [row]);
    Ok(())
}

/// Whoever takes what the database numbers for the key would find nothing here.
#[orm::test(apps = ["attributes"])]
async fn keys_that_the_database_gives_without_numbering(db: Db) -> orm::Result<()> {
    let label = Label::create().text("A").save(&db).await;
    // MySQL has no RETURNING; it refuses before it writes.
    if matches!(db.backend(), orm::Backend::MySql { mariadb: false, .. }) {
        assert!(matches!(&label, Err(Error::NotSupported { .. })), "{label:?}");
        assert_eq!(Label::objects().count(&db).await?, 0);
        return Ok(());
    }
    let label = label?;
    assert_eq!((label.code.as_str(), label.text.as_str()), ("new", "A"));
    assert_eq!(Label::objects().get(&db, q!(text = "A")).await?, label);
    let again = Label::create().text("B").save(&db).await;
    assert!(
        matches!(
            &again,
            Err(Error::Integrity {
                kind: IntegrityKind::Unique,
                ..
            })
        ),
        "{again:?}"
    );
    let grade = Grade::create().save(&db).await?;
    // SQLite numbers an integer key whatever its default is.
    let number = if db.backend() == orm::Backend::Sqlite { 1 } else { 7 };
    assert_eq!((grade.number, grade.text.as_str()), (number, "pass"));
    let graded = Grade::objects().bulk_create(&db, [Grade::create().number(8)]).await?;
    assert_eq!((graded[0].number, graded[0].text.as_str()), (8, "pass"));
    assert_eq!(Grade::objects().count(&db).await?, 2);
    // Who does not ask for the key need not be able to learn it.
    Label::objects().delete(&db).await?;
    assert_eq!(Label::objects().bulk_insert(&db, [Label::create().text("C")]).await?, 1);
    assert_eq!(Label::objects().get(&db, q!(code = "new")).await?.text, "C");
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "attributes", display = "{name} ({stock})", repr = "Part: {name}")]
pub struct Part {
    pub id: i64,
    #[field(max_length = 20)]
    pub name: String,
    #[field(positive, default = 0)]
    pub shelf: i16,
    #[field(positive)]
    pub stock: i32,
    #[field(positive, min = 10)]
    pub weight: Option<i64>,
}

#[orm::test(apps = ["attributes"])]
async fn integers_not_below_zero(db: Db) -> orm::Result<()> {
    let part = |stock| Part::create().name("bolt").stock(stock);
    let error = part(-1).shelf(-2).weight(-3).save(&db).await.unwrap_err();
    let Error::Validation(error) = error else {
        panic!("{error}")
    };
    let zero = ["Ensure this value is greater than or equal to 0."];
    assert_eq!(error.field("shelf"), zero);
    assert_eq!(error.field("stock"), zero);
    assert_eq!(
        error.field("weight"),
        ["Ensure this value is greater than or equal to 10."]
    );
    let bolt = part(i32::MAX).shelf(i16::MAX).weight(i64::MAX).save(&db).await?;
    assert_eq!(Part::objects().get(&db, q!(stock__gt = 0, shelf__gte = 1)).await?, bolt);
    assert!(
        Part::objects().update(&db, |p| p.stock().set(-1)).await.is_err(),
        "the database has the rule as well"
    );
    Ok(())
}

#[test]
fn how_a_row_shows_of_which_only_the_values_are_known() {
    let part = Part {
        id: 3,
        name: "bolt".to_owned(),
        shelf: 1,
        stock: 7,
        weight: None,
    };
    assert_eq!(part.to_string(), "bolt (7)");
    assert_eq!(Part::meta().show_row(&part.values()).unwrap(), "bolt (7)");
    assert_eq!(Part::meta().repr_row(&part.values()).unwrap(), "Part: bolt");
    let member = Member {
        id: 3,
        name: "Ann".to_owned(),
    };
    assert_eq!(Member::meta().repr_row(&member.values()).unwrap(), "<Member: Ann>");
    let checked = Checked::meta();
    assert_eq!(checked.show_row(&[orm::Value::Int(5)]).unwrap(), "Checked object (5)");
    assert_eq!(
        checked.repr_row(&[orm::Value::Int(5)]).unwrap(),
        "<Checked: Checked object (5)>"
    );
    assert!(Part::meta().show_row(&[orm::Value::Int(5)]).is_err());
}

#[orm::test(apps = ["attributes"])]
async fn rules_of_fields(db: Db) -> orm::Result<()> {
    let error = Checked::create()
        .email("nobody")
        .url("example.com")
        .slug("a b")
        .word("ABC")
        .number(101)
        .color("b")
        .save(&db)
        .await
        .unwrap_err();
    let Error::Validation(error) = error else {
        panic!("{error}")
    };
    let names: Vec<&str> = error.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["email", "url", "slug", "word", "number", "color"]);
    assert_eq!(
        error.field("number"),
        ["Ensure this value is less than or equal to 100.", "101 is odd."]
    );
    assert_eq!(Checked::objects().count(&db).await?, 0);
    let good = Checked::create()
        .email("a@example.com")
        .url("https://example.com/x")
        .slug("a-b")
        .word("abc")
        .number(42)
        .color("g")
        .save(&db)
        .await?;
    assert_eq!(
        Checked::objects()
            .get(&db, q!(color = "g", slug__startswith = "a"))
            .await?,
        good
    );
    Ok(())
}

#[orm::test(apps = ["attributes"])]
async fn hooks(db: Db) -> orm::Result<()> {
    let mut row = Checked::create().word(" abc ").save(&db).await?;
    assert_eq!(row.word, "abc");
    row.word = " xyz ".into();
    row.save(&db).await?;
    row.refresh(&db).await?;
    assert_eq!(row.word, "xyz");
    row.word = "forbidden".into();
    assert_eq!(row.save(&db).await.unwrap_err().to_string(), "not that word");
    assert!(Checked::create().word("forbidden").save(&db).await.is_err());
    assert_eq!(Checked::objects().values(|c| c.word()).all(&db).await?, ["xyz"]);
    Ok(())
}

#[orm::test(apps = ["attributes"])]
async fn constraints(db: Db) -> orm::Result<()> {
    let seat = |number| Seat::create().section("A").number(number);
    assert_eq!(seat(1).save(&db).await?.price, 10);
    let Error::Integrity { kind, columns, .. } = seat(1).save(&db).await.unwrap_err() else {
        panic!("a clash")
    };
    assert_eq!(
        (kind, columns),
        (IntegrityKind::Unique, vec!["section".to_owned(), "number".to_owned()])
    );
    let error = seat(2).price(-1).save(&db).await.unwrap_err();
    let Error::Integrity {
        kind,
        constraint,
        table,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(kind, IntegrityKind::Check);
    assert_eq!(
        (constraint.as_deref(), table.as_deref()),
        (Some("price_not_negative"), Some("attributes_seat"))
    );
    seat(3).holder("Ann").vip(true).save(&db).await?;
    seat(4).holder("Ann").save(&db).await?;
    // As Django, MariaDB and MySQL have no conditional constraints.
    if !matches!(db.backend(), orm::Backend::MySql { .. }) {
        assert!(
            seat(5)
                .holder("Ann")
                .vip(true)
                .save(&db)
                .await
                .unwrap_err()
                .is_unique_violation()
        );
    }
    Ok(())
}

#[orm::test(apps = ["attributes"])]
async fn a_through_model(db: Db) -> orm::Result<()> {
    let ann = Member::create().name("Ann").save(&db).await?;
    let ben = Member::create().name("Ben").save(&db).await?;
    let chess = Club::create().name("Chess").save(&db).await?;
    Membership::create()
        .member(&ann)
        .club(&chess)
        .role("chair")
        .save(&db)
        .await?;
    chess.members().add(&db, [&ann, &ben]).await?;
    let roles: Vec<(String, String)> = Membership::objects()
        .order_by(|m| m.id())
        .values(|m| (m.member().name(), m.role()))
        .all(&db)
        .await?;
    assert_eq!(roles, [("Ann".into(), "chair".into()), ("Ben".into(), "member".into())]);
    assert_eq!(ben.clubs().get(&db, |_| ()).await?, chess);
    assert_eq!(
        Club::objects()
            .filter(q!(members__name = "Ann", membership__role = "chair"))
            .count(&db)
            .await?,
        1
    );
    chess.members().remove(&db, [&ann]).await?;
    assert_eq!(chess.members().values(|m| m.name()).all(&db).await?, ["Ben"]);
    assert_eq!(chess.delete(&db).await?.total, 2);
    assert_eq!(Member::objects().count(&db).await?, 2);
    Ok(())
}
