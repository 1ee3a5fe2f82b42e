//! What is asked, and what becomes of the answers.

use super::*;
use orm_migrate::state::{ForeignKeyState, OnDelete};
use std::collections::VecDeque;

/// Answers from a list, and notes what was asked.
#[derive(Default)]
struct Script {
    answers: VecDeque<&'static str>,
    asked: Vec<String>,
}

impl Script {
    fn new(answers: &[&'static str]) -> Self {
        Script {
            answers: answers.iter().copied().collect(),
            asked: Vec::new(),
        }
    }

    fn next(&mut self, question: &str) -> &'static str {
        self.asked.push(question.to_owned());
        self.answers.pop_front().unwrap_or_default()
    }
}

impl Prompt for Script {
    fn choose(&mut self, question: &str, _choices: &[&str]) -> Result<usize> {
        self.next(question)
            .parse()
            .map_err(|_| MigrateError::Unanswered("no number".to_owned()))
    }

    fn confirm(&mut self, question: &str) -> Result<bool> {
        Ok(self.next(question) == "y")
    }

    fn value(&mut self, ty: DataType, default: Option<&str>) -> Result<Literal> {
        let text = self.next(&format!("{ty:?} {default:?}"));
        answer::parse(text, ty).map_err(MigrateError::Unanswered)
    }
}

fn data(name: &str, ty: DataType) -> FieldState {
    FieldState::new(name, FieldType::Data(ty))
}

fn author() -> ModelState {
    let mut model = ModelState::new("library", "Author");
    let mut id = data("id", DataType::BigAuto);
    id.primary_key = true;
    model.fields = vec![id];
    model
}

#[test]
fn a_one_off_default() {
    let models = ProjectState::from(vec![author()]);
    let mut script = Script::new(&["0", "n/a"]);
    let notes = data("notes", DataType::Text);
    let answer = Questions::asking(&models, &mut script).ask_not_null_addition(&author(), &notes);
    assert_eq!(answer.ok(), Some(Literal::Text("n/a".into())));
    let question = "It is impossible to add a non-nullable field 'notes' to author without specifying a default.";
    assert!(
        script.asked.first().is_some_and(|asked| asked.starts_with(question)),
        "{:?}",
        script.asked
    );
}

#[test]
fn a_foreign_key_takes_the_key_of_its_target() {
    let models = ProjectState::from(vec![author()]);
    let key = ForeignKeyState {
        to: "library.Author".into(),
        to_field: None,
        on_delete: OnDelete::Cascade,
        db_constraint: true,
    };
    let field = FieldState::new("author", FieldType::ForeignKey(key));
    let mut script = Script::new(&["0", "7"]);
    let answer = Questions::asking(&models, &mut script).ask_not_null_addition(&author(), &field);
    assert_eq!(answer.ok(), Some(Literal::Int(7)));
    assert_eq!(script.asked.last().map(String::as_str), Some("BigInteger None"));
}

#[test]
fn ignoring_and_giving_up() {
    let models = ProjectState::from(vec![author()]);
    let notes = data("notes", DataType::Text);
    let mut script = Script::new(&["1", "2"]);
    let mut questions = Questions::asking(&models, &mut script);
    assert_eq!(
        questions.ask_not_null_alteration(&author(), &notes).ok(),
        Some(Alteration::Ignore)
    );
    let given_up = questions
        .ask_not_null_alteration(&author(), &notes)
        .err()
        .map(|e| e.to_string());
    let message = "nothing was written: define a default for field 'notes' on model 'Author'";
    assert_eq!(given_up.as_deref(), Some(message));
}

#[test]
fn renames() {
    let models = ProjectState::from(vec![author()]);
    let (old, new) = (
        data("name", DataType::Char { max_length: 9 }),
        data("title", DataType::Char { max_length: 9 }),
    );
    let mut script = Script::new(&["y", "n"]);
    let mut questions = Questions::asking(&models, &mut script);
    assert_eq!(questions.ask_rename_field(&author(), &old, &new).ok(), Some(true));
    assert_eq!(
        questions
            .ask_rename_model(&author(), &ModelState::new("library", "Writer"))
            .ok(),
        Some(false)
    );
    let asked = [
        "Was author.name renamed to author.title (a CharField)?",
        "Was the model library.Author renamed to Writer?",
    ];
    assert_eq!(script.asked, asked);
}

#[test]
fn nobody_is_asked_when_nothing_will_be_written() {
    let models = ProjectState::from(vec![author()]);
    let mut questions = Questions::unasked(&models);
    let born = data("born", DataType::DateTime);
    assert!(questions.ask_auto_now_add_addition(&author(), &born).is_ok());
    assert_eq!(questions.ask_rename_field(&author(), &born, &born).ok(), Some(false));
}
