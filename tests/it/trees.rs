//! Trees: descendants, ancestors, their depth and order, and what leads to itself.

use super::models::*;
use super::sql::MARIADB;
use orm::prelude::*;
use orm::tree::{depth, path};
use orm::{Backend, Result};

async fn person(db: &Db, name: &str, manager: Option<&Person>) -> Result<Person> {
    let new = Person::create().name(name);
    match manager {
        Some(manager) => new.manager(manager).save(db).await,
        None => new.save(db).await,
    }
}

struct Staff {
    ann: Person,
    ben: Person,
    dan: Person,
    eve: Person,
}

/// ```text
/// Ann - Ben - Dan - Fay
///     \     \ Eve
///      Cid
/// Gus
/// ```
async fn staff(db: &Db) -> Result<Staff> {
    let ann = person(db, "Ann", None).await?;
    let cid = person(db, "Cid", Some(&ann)).await?;
    let ben = person(db, "Ben", Some(&ann)).await?;
    person(db, "Gus", None).await?;
    let dan = person(db, "Dan", Some(&ben)).await?;
    let eve = person(db, "Eve", Some(&ben)).await?;
    person(db, "Fay", Some(&dan)).await?;
    assert_eq!(shown(&[cid]), "Cid");
    Ok(Staff { ann, ben, dan, eve })
}

fn people() -> QuerySet<Person> {
    Person::objects().order_by(|p| p.name())
}

#[orm::test(apps = ["shop"])]
async fn descendants_and_ancestors(db: Db) -> Result<()> {
    let Staff { ann, ben, dan, eve } = staff(&db).await?;
    assert_eq!(
        shown(&people().descendants(&ann, |p| p.manager()).all(&db).await?),
        "Ben, Cid, Dan, Eve, Fay"
    );
    assert_eq!(
        shown(&people().descendants(&ben, |p| p.manager()).all(&db).await?),
        "Dan, Eve, Fay"
    );
    assert_eq!(shown(&people().descendants(&eve, |p| p.manager()).all(&db).await?), "");
    assert_eq!(
        shown(&people().ancestors(&dan, |p| p.manager()).all(&db).await?),
        "Ann, Ben"
    );
    assert_eq!(
        shown(&people().ancestors(&dan, |p| p.manager()).with_start().all(&db).await?),
        "Ann, Ben, Dan"
    );
    let near = people().descendants(&ann, |p| p.manager()).max_depth(1);
    assert_eq!(shown(&near.all(&db).await?), "Ben, Cid");
    // It is one query, and a queryset like others.
    let queries = db.query_count();
    let below = people().descendants(&ann, |p| p.manager());
    assert_eq!(below.clone().count(&db).await?, 5);
    assert_eq!(db.query_count(), queries + 1);
    assert!(below.clone().filter(q!(name = "Fay")).exists(&db).await?);
    assert_eq!(
        shown(
            &below
                .clone()
                .filter(q!(manager__name = "Ben"))
                .exclude(q!(name = "Eve"))
                .all(&db)
                .await?
        ),
        "Dan"
    );
    assert_eq!(
        below
            .clone()
            .aggregate(&db, |p| (p.id().count(), depth().max()))
            .await?,
        (5, Some(3))
    );
    assert_eq!(shown(&below.clone().slice(1..3).all(&db).await?), "Cid, Dan");
    let rows = below
        .clone()
        .select_related(|p| p.manager())
        .annotate(|p| p.reports().count())
        .all(&db)
        .await?;
    let rows: Vec<_> = rows
        .iter()
        .map(|(p, m, n)| (p.name.as_str(), m.as_ref().unwrap().name.as_str(), *n))
        .collect();
    assert_eq!(
        rows,
        [
            ("Ben", "Ann", 2),
            ("Cid", "Ann", 0),
            ("Dan", "Ben", 1),
            ("Eve", "Ben", 0),
            ("Fay", "Dan", 0)
        ]
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn depth_and_order(db: Db) -> Result<()> {
    let Staff { ann, dan, .. } = staff(&db).await?;
    let tree = Person::objects()
        .descendants(&ann, |p| p.manager())
        .with_start()
        .annotate(|_| depth())
        .order_by(|_| path());
    let rows = tree.clone().all(&db).await?;
    let rows: Vec<_> = rows.iter().map(|(p, depth)| (p.name.as_str(), *depth)).collect();
    assert_eq!(
        rows,
        [("Ann", 0), ("Cid", 1), ("Ben", 1), ("Dan", 2), ("Fay", 3), ("Eve", 2)]
    );
    let deep = people().descendants(&ann, |p| p.manager()).filter(|_| depth().gte(2));
    assert_eq!(shown(&deep.all(&db).await?), "Dan, Eve, Fay");
    let up = Person::objects()
        .ancestors(&dan, |p| p.manager())
        .order_by(|_| depth().desc());
    assert_eq!(shown(&up.all(&db).await?), "Ann, Ben");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn from_several_rows(db: Db) -> Result<()> {
    let Staff { ann, ben, dan, eve } = staff(&db).await?;
    // Each row once, by its depth below the topmost.
    let start = Person::objects().filter(q!(id__in = [ben.id, dan.id]));
    let rows = people()
        .descendants(start.clone(), |p| p.manager())
        .annotate(|_| depth())
        .all(&db)
        .await?;
    let rows: Vec<_> = rows.iter().map(|(p, depth)| (p.name.as_str(), *depth)).collect();
    assert_eq!(rows, [("Dan", 1), ("Eve", 1), ("Fay", 2)]);
    let start = Person::objects().filter(q!(id__in = [eve.id, dan.id, ben.id]));
    let rows = people()
        .ancestors(start, |p| p.manager())
        .annotate(|_| depth())
        .all(&db)
        .await?;
    let rows: Vec<_> = rows.iter().map(|(p, depth)| (p.name.as_str(), *depth)).collect();
    assert_eq!(rows, [("Ann", 1), ("Ben", 1)]);
    let roots = Person::objects()
        .filter(q!(manager = None))
        .order_by(|p| p.name())
        .limit(1);
    assert_eq!(people().descendants(roots, |p| p.manager()).count(&db).await?, 5);
    assert_eq!(
        people()
            .descendants(Person::objects().none(), |p| p.manager())
            .count(&db)
            .await?,
        0
    );
    let nobody = people().descendants(Person::objects().none(), |p| p.manager());
    assert_eq!(nobody.aggregate(&db, |_| depth().max()).await?, None);
    // Within another query, and within a write.
    let below = Person::objects().descendants(&ann, |p| p.manager());
    let managers = people()
        .filter(|p| p.reports().in_(below.clone().filter(|_| depth().gt(1))))
        .distinct();
    assert_eq!(shown(&managers.all(&db).await?), "Ben, Dan");
    assert_eq!(
        below
            .clone()
            .filter(|_| depth().gt(2))
            .update(&db, |p| p.name().set("Flo"))
            .await?,
        1
    );
    assert_eq!(
        shown(&people().descendants(&dan, |p| p.manager()).all(&db).await?),
        "Flo"
    );
    assert_eq!(below.filter(q!(name = "Flo")).delete(&db).await?.total, 1);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn what_leads_to_itself(db: Db) -> Result<()> {
    let Staff { ann, eve, .. } = staff(&db).await?;
    Person::objects()
        .filter(q!(id = ann.id))
        .update(&db, |p| p.manager().set(&eve))
        .await?;
    let all = "Ann, Ben, Cid, Dan, Eve, Fay";
    let below = people().descendants(&ann, |p| p.manager());
    assert_eq!(shown(&below.clone().with_start().all(&db).await?), all);
    assert_eq!(shown(&below.all(&db).await?), "Ben, Cid, Dan, Eve, Fay");
    assert_eq!(
        shown(&people().ancestors(&eve, |p| p.manager()).all(&db).await?),
        "Ann, Ben"
    );
    Person::objects()
        .filter(q!(id = ann.id))
        .update(&db, |p| p.manager().set(&ann))
        .await?;
    assert_eq!(people().descendants(&ann, |p| p.manager()).count(&db).await?, 5);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn not_everything_is_a_tree(db: Db) -> Result<()> {
    let Staff { ann, .. } = staff(&db).await?;
    let error = people().annotate(|_| depth()).all(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "depth and path are those of a walk along a tree: descendants() or ancestors()"
    );
    let error = people().with_start().all(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "with_start() and max_depth() come after descendants() or ancestors()."
    );
    let error = people()
        .descendants(&ann, |p| p.manager().manager())
        .all(&db)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "A tree is walked along one foreign key of the model to itself."
    );
    Ok(())
}

#[test]
fn sql_of_trees() {
    let start = Person::objects().filter(q!(name = "Ann"));
    let below = Person::objects()
        .descendants(start.clone(), |p| p.manager())
        .order_by(|_| depth())
        .values(|p| p.name());
    let of = |backend| below.to_sql(backend).unwrap_or_else(|error| error.to_string());
    assert_eq!(
        of(Backend::Postgres),
        r#"WITH RECURSIVE "walk" ("key", "depth", "path") AS (SELECT "start"."col1", 0, ARRAY["start"."col1"] FROM (SELECT "U0"."id" AS "col1" FROM "shop_person" "U0" WHERE "U0"."name" = 'Ann') "start" UNION ALL SELECT "node"."id", "walk"."depth" + 1, "walk"."path" || "node"."id" FROM "walk" INNER JOIN "shop_person" "node" ON ("node"."manager_id" = "walk"."key") WHERE NOT ("node"."id" = ANY("walk"."path"))), "tree" AS (SELECT * FROM (SELECT "walk"."key", "walk"."depth", "walk"."path", ROW_NUMBER() OVER (PARTITION BY "walk"."key" ORDER BY "walk"."depth" DESC) AS "pick" FROM "walk" WHERE "walk"."depth" > 0) "walk" WHERE "walk"."pick" = 1) SELECT "shop_person"."name" FROM "shop_person" INNER JOIN "tree" ON ("tree"."key" = "shop_person"."id") ORDER BY "tree"."depth" ASC"#
    );
    let path = |backend| {
        let sql = of(backend);
        let start = sql.split_once(", 0, ").map_or("", |(_, rest)| rest).to_owned();
        let (first, rest) = start.split_once(" FROM ").unwrap_or_default();
        let next = rest.split_once(" + 1, ").map_or("", |(_, rest)| rest);
        let (next, rest) = next.split_once(" FROM ").unwrap_or_default();
        let met = rest.split_once("WHERE NOT ").map_or("", |(_, rest)| rest);
        let met = met.split_once("), ").map_or("", |(met, _)| met);
        [first.to_owned(), next.to_owned(), met.to_owned()]
    };
    assert_eq!(
        path(Backend::Sqlite),
        [
            r#"'/' || PRINTF('%020d', "start"."col1") || '/'"#,
            r#""walk"."path" || PRINTF('%020d', "node"."id") || '/'"#,
            r#"INSTR("walk"."path", '/' || PRINTF('%020d', "node"."id") || '/')"#,
        ]
    );
    assert_eq!(
        path(MARIADB)[..2],
        [
            "CAST(CONCAT('/', LPAD(`start`.`col1`, 20, '0'), '/') AS CHAR(8000))",
            "CONCAT(`walk`.`path`, LPAD(`node`.`id`, 20, '0'), '/')",
        ]
    );
    let above = Person::objects()
        .ancestors(start, |p| p.manager())
        .with_start()
        .max_depth(3)
        .values(|p| p.name());
    let sql = above.to_sql(Backend::Sqlite).unwrap();
    assert!(sql.contains(r#"FROM "walk" INNER JOIN "shop_person" "child" ON ("child"."id" = "walk"."key") INNER JOIN "shop_person" "node" ON ("node"."id" = "child"."manager_id") WHERE NOT "#), "{sql}");
    assert!(sql.contains(r#" AND "walk"."depth" < 3), "tree" AS "#), "{sql}");
}

#[orm::test(apps = ["shop"])]
async fn walks_and_other_queries(db: Db) -> Result<()> {
    let Staff { ann, ben, dan, .. } = staff(&db).await?;
    // Together with other rows, wherever they stand.
    let above = || Person::objects().order_by(|_| ()).ancestors(&dan, |p| p.manager());
    let gus = || Person::objects().order_by(|_| ()).filter(q!(name = "Gus"));
    for rows in [gus().union(above()), above().union(gus())] {
        assert_eq!(shown(&rows.order_by(|p| p.name()).all(&db).await?), "Ann, Ben, Gus");
    }
    let twice = people()
        .descendants(&ann, |p| p.manager())
        .ancestors(&dan, |p| p.manager());
    let error = twice.all(&db).await.unwrap_err().to_string();
    assert!(error.contains("walks along a tree once"), "{error}");
    let below = || people().descendants(&ben, |p| p.manager());
    let by_path = below().order_by(|_| path()).keyset(&db, 1, None).await;
    assert_eq!(
        by_path.unwrap_err().to_string(),
        "keyset() does not go with an order by path()"
    );
    let by_depth = below().order_by(|_| depth()).keyset(&db, 2, None).await?;
    assert_eq!(shown(&by_depth.items), "Dan, Eve");
    let rest = below()
        .order_by(|_| depth())
        .keyset(&db, 2, by_depth.next.as_ref())
        .await?;
    assert_eq!((shown(&rest.items).as_str(), rest.next), ("Fay", None));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn with_another_set_of_conditions(db: Db) -> Result<()> {
    let Staff { ann, ben, .. } = staff(&db).await?;
    let below = || people().descendants(&ben, |p| p.manager());
    let named = || people().filter(q!(name__in = ["Ann", "Dan"]));
    assert_eq!(shown(&(below() & named()).all(&db).await?), "Dan");
    assert_eq!(shown(&(named() & below()).all(&db).await?), "Dan");
    assert_eq!(shown(&(named().none() | below()).all(&db).await?), "Dan, Eve, Fay");
    assert_eq!(shown(&(below().none() | named()).all(&db).await?), "Ann, Dan");
    let above = people().ancestors(&ann, |p| p.manager());
    for (rows, message) in [
        (below() | named(), "by | or ^"),
        (named() | below(), "by | or ^"),
        (named() ^ below(), "by | or ^"),
        (below() & above, "two walks"),
    ] {
        let error = rows.all(&db).await.unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
    Ok(())
}
