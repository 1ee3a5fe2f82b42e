//! The tables as entities.

use common::{Checksum, fields};

pub mod item {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "items")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub value: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod insert {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "inserts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub value: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod user {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub email: String,
        #[sea_orm(has_many)]
        pub posts: HasMany<super::post::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod post {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub user_id: i64,
        pub title: String,
        #[sea_orm(belongs_to, from = "user_id", to = "id")]
        pub user: BelongsTo<super::user::Entity>,
        #[sea_orm(has_many)]
        pub comments: HasMany<super::comment::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod comment {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "comments")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub post_id: i64,
        #[sea_orm(column_type = "Text")]
        pub body: String,
        #[sea_orm(belongs_to, from = "post_id", to = "id")]
        pub post: BelongsTo<super::post::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

impl Checksum for item::Model {
    fn checksum(&self) -> u64 {
        fields((self.id, &self.name, self.value))
    }
}

impl Checksum for insert::Model {
    fn checksum(&self) -> u64 {
        fields((&self.name, self.value))
    }
}

/// With the posts, and their comments.
impl Checksum for user::ModelEx {
    fn checksum(&self) -> u64 {
        let posts = self.posts.iter().map(|post| {
            let comments = post.comments.iter().map(|c| fields((c.id, c.post_id, &c.body)));
            let own = fields((post.id, post.user_id, &post.title));
            fields((own, comments.fold(0, u64::wrapping_add)))
        });
        let own = fields((self.id, &self.name, &self.email));
        fields((own, posts.fold(0, u64::wrapping_add)))
    }
}

impl Checksum for post::Model {
    fn checksum(&self) -> u64 {
        fields((self.id, self.user_id, &self.title))
    }
}

impl Checksum for comment::Model {
    fn checksum(&self) -> u64 {
        fields((self.id, self.post_id, &self.body))
    }
}
