//! Each lookup and transform, on each type.

use super::super::models::*;
use super::answer::*;
use super::cases;
use orm::prelude::*;
use orm::serde_json::json;

fn all() -> QuerySet<AllTypes> {
    AllTypes::objects()
}

cases! { db;
    "lookup-char-001" => rows(all().filter(q!(f_char = "alpha")).all(db).await?);
    "lookup-char-002" => rows(all().filter(|a| a.f_char().exact("")).all(db).await?);
    "lookup-char-008" => rows(all().filter(|a| a.f_char().eq("é")).all(db).await?);
    "lookup-char-017" => rows(all().filter(q!(f_char__iexact = "null")).all(db).await?);
    "lookup-char-020" => rows(all().filter(|a| a.f_char().contains("%")).all(db).await?);
    "lookup-text-003" => rows(all().filter(|a| a.f_text().iexact("LOREM IPSUM")).all(db).await?);
    "lookup-text-010" => rows(all().filter(q!(f_text__startswith = "lorem")).all(db).await?);
    "lookup-text-014" => rows(all().filter(|a| a.f_text().regex("^line\\d$")).all(db).await?);
    "lookup-text-017" => rows(all().filter(q!(f_text__in = [None, Some(String::new())])).all(db).await?);
    "lookup-int-003" => rows(all().filter(q!(f_int = None)).all(db).await?);
    "lookup-int-006" => rows(all().filter(q!(f_int__in = [2_147_483_647, -2_147_483_648])).all(db).await?);
    "lookup-int-009" => rows(all().filter(|a| a.f_int().gt(-1)).all(db).await?);
    "lookup-int-011" => rows(all().filter(|a| a.f_int().lt(0)).all(db).await?);
    "lookup-small-006" => rows(all().filter(q!(f_small__in = [5, -5])).all(db).await?);
    "lookup-big-003" => rows(all().filter(q!(f_big = 9_007_199_254_740_993)).all(db).await?);
    "lookup-big-010" => rows(all().filter(q!(f_big__range = (1, 1_000_000_000_000))).all(db).await?);
    "lookup-pos-005" => rows(all().filter(|a| a.f_pos().isnull(true)).all(db).await?);
    "lookup-bool-001" => rows(all().filter(|a| a.f_bool()).all(db).await?);
    "lookup-nbool-006" => rows(all().filter(q!(f_nbool__in = [true, false])).all(db).await?);
    "lookup-float-005" => rows(all().filter(q!(f_float__gte = 2.5)).all(db).await?);
    "lookup-float-008" => rows(all().filter(|a| a.f_float().range((0.1, 3.2))).all(db).await?);
    "lookup-dec-005" => rows(all().filter(|a| a.f_dec().gt(decimal("1.10"))).all(db).await?);
    "lookup-dec-013" => rows(all().filter(q!(f_dec__in = [1, 10])).all(db).await?);
    "lookup-date-003" => rows(all().filter(q!(f_date__gt = day(2023, 12, 31))).all(db).await?);
    "lookup-date-013" => rows(all().filter(|a| a.f_date().year().eq(2025)).all(db).await?);
    "lookup-date-015" => rows(all().filter(q!(f_date__iso_year = 2020)).all(db).await?);
    "lookup-dt-014" => rows(all().filter(q!(f_dt__date__gt = day(2024, 1, 1))).all(db).await?);
    "lookup-dt-015" => rows(all().filter(|a| a.f_dt().date().lte(day(1999, 12, 31))).all(db).await?);
    "lookup-time-004" => rows(all().filter(q!(f_time__gt = time(9, 30, 0))).all(db).await?);
    "lookup-time-011" => rows(all().filter(q!(f_time__hour = 9)).all(db).await?);
    "lookup-time-013" => rows(all().filter(|a| a.f_time().minute().eq(30)).all(db).await?);
    "lookup-time-016" => rows(all().filter(|a| a.f_time().second().eq(59)).all(db).await?);
    "lookup-dur-003" => rows(all().filter(q!(f_dur = TimeDelta::seconds(-3600))).all(db).await?);
    "lookup-dur-004" => rows(all().filter(|a| a.f_dur().gt(TimeDelta::days(1))).all(db).await?);
    "lookup-uuid-001" => rows(all().filter(q!(f_uuid = "aa1bdcc1-da16-4f22-a0b5-37b6fb3b6bb7".parse::<Uuid>().unwrap())).all(db).await?);
    "binary-002" => rows(all().filter(q!(f_bin = Vec::new())).all(db).await?);
    "path-typed-004" => rows(Book::objects().filter(q!(reviews__created__week = 53)).all(db).await?);
    "path-typed-007" => rows(Book::objects().filter(|b| b.reviews().created().iso_week_day().eq(7)).all(db).await?);
    "exclude-typed-003" => rows(Book::objects().exclude(q!(reviews__created__iso_week_day = 7)).all(db).await?);
    "exclude-typed-005" => rows(Book::objects().exclude(q!(reviews__created__time__gte = time(18, 0, 0))).all(db).await?);
    "dates-o2o-reverse-009" => rows(Library::objects().filter(q!(librarian__hired__year = 2021)).all(db).await?);
    "string-special-013" => rows(Book::objects().filter(q!(title__iexact = "été à paris")).all(db).await?);
    "string-special-025" => rows(Book::objects().filter(|b| b.title().istartswith("PYTHON")).all(db).await?);
    "string-special-029" => scalar(Book::objects().filter(|b| b.notes().contains("")).count(db).await?);
    "string-special-035" => rows(Book::objects().filter(q!(title__regex = "^[A-Z][a-z]+ ")).all(db).await?);
    "string-special-036" => rows(Book::objects().filter(|b| b.title().iregex("^(l'|le )")).all(db).await?);
    "string-special-050" => rows(Author::objects().filter(q!(name__endswith = "😀 Writer")).all(db).await?);
    "string-special-055" => rows(Author::objects().filter(|a| a.email().iendswith(".COM")).all(db).await?);
    "string-special-057" => rows(Country::objects().filter(q!(name__icontains = "_100%")).all(db).await?);
    "json-003" => rows(all().filter(|a| a.f_json().key("a").eq(json!(null))).all(db).await?);
    "json-005" => rows(all().filter(|a| a.f_json().key("a").isnull(false)).all(db).await?);
    "json-011" => rows(all().filter(|a| a.f_json().key("b").index(2).key("c").icontains("X")).all(db).await?);
    "json-013" => rows(all().filter(|a| a.f_json().key("k").startswith("v")).all(db).await?);
    "json-014" => rows(all().filter(|a| a.f_json().index(1).eq("two")).all(db).await?);
    "json-015" => rows(all().filter(q!(f_json__has_key = "a")).all(db).await?);
    "json-018" => rows(all().filter(|a| a.f_json().has_any_keys(["k", "tags"])).all(db).await?);
    "json-020" => rows(all().filter(|a| a.f_json().eq(Json(json!({})))).all(db).await?);
    "json-035" => rows(all().filter(|a| a.f_json().icontains("TWO")).all(db).await?);
    "lookup-date-021" => rows(all().filter(q!(f_date__day = 29)).all(db).await?);
    "lookup-dt-026" => rows(all().filter(q!(f_dt__month = 10)).all(db).await?);
    "lookup-dt-036" => rows(all().filter(|a| a.f_dt().quarter().eq(1)).all(db).await?);
    "lookup-dt-032" => rows(all().filter(q!(f_dt__week_day = 1)).all(db).await?);
}
