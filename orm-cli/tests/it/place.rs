//! `Place`: a package's folder of its own for each test.

use orm_cli::{Cli, Project, Status, run};
use orm_migrate::{ProjectState, Result};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A folder that goes when the test ends.
pub struct Place(PathBuf);

impl Place {
    pub fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("orm-cli-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Place(folder)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    pub fn database(&self) -> String {
        format!("sqlite://{}", self.path("library.db"))
    }

    /// Runs a command; `DB` stands for the database's URL, and the folder is left out of the output.
    pub async fn manage(&self, models: fn() -> Result<ProjectState>, command: &str) -> (String, bool) {
        let words = command
            .split(' ')
            .map(|word| if word == "DB" { self.database() } else { word.to_owned() });
        let project = Project::new("library", &self.0).with_models(models);
        let mut output = Vec::new();
        let result = match Cli::parse_words(words) {
            Ok(cli) => run(&project, &cli, &mut output).await,
            Err(error) => Err(error),
        };
        let mut text = String::from_utf8(output).unwrap();
        if let Err(error) = &result {
            text.push_str(&format!("error: {error}"));
        }
        (text.replace(&self.path(""), ""), matches!(result, Ok(Status::Success)))
    }

    /// The output of a command that must succeed.
    pub async fn done(&self, models: fn() -> Result<ProjectState>, command: &str) -> String {
        let (text, success) = self.manage(models, command).await;
        assert!(success, "{command}: {text}");
        text
    }

    /// The output of a command that must fail.
    pub async fn failed(&self, models: fn() -> Result<ProjectState>, command: &str) -> String {
        let (text, success) = self.manage(models, command).await;
        assert!(!success, "{command}: {text}");
        text
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
