//! The tables as sea-orm sees them; `migrations/src/schema.sql` explains the columns.
#![expect(unreachable_pub, reason = "derived items are public")]

macro_rules! entity {
    ($module:ident $table:tt $($columns:tt)*) => {
        pub(super) mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($columns)* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity! { current_row "current_row"
    #[sea_orm(primary_key, auto_increment = false)] pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)] pub id: String,
    pub body: String,
    pub ends_at: Option<DateTimeUtc>,
}

entity! { change "change"
    #[sea_orm(primary_key, auto_increment = false)] pub seq: i64,
    pub at: DateTimeUtc,
    pub actor: String,
    pub facility_id: Option<Uuid>,
    pub body: String,
    pub late: Option<String>,
}

entity! { key_use "key_use"
    #[sea_orm(primary_key, auto_increment = false)] pub key_id: Uuid,
    pub used_at: DateTimeUtc,
}

entity! { idempotency "idempotency"
    #[sea_orm(primary_key, auto_increment = false)] pub principal: String,
    #[sea_orm(primary_key, auto_increment = false)] pub idempotency_key: String,
    pub fingerprint: String,
    pub receipt: String,
    pub at: DateTimeUtc,
}

entity! { demand "demand"
    #[sea_orm(primary_key, auto_increment = false)] pub day: Date,
    #[sea_orm(primary_key, auto_increment = false)] pub region: String,
    #[sea_orm(primary_key, auto_increment = false)] pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)] pub wanted: String,
    pub questions: i64,
}

entity! { setting "setting"
    #[sea_orm(primary_key, auto_increment = false)] pub name: String,
    pub value: String,
}

entity! { checkpoint "checkpoint"
    #[sea_orm(primary_key, auto_increment = false)] pub seq: i64,
    pub at: DateTimeUtc,
    pub body: Vec<u8>,
}

entity! { daily "daily"
    #[sea_orm(primary_key, auto_increment = false)] pub facility_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)] pub resource_type: String,
    #[sea_orm(primary_key, auto_increment = false)] pub day: String,
    pub available_min: Option<i32>,
    pub available_max: Option<i32>,
    pub available_last: Option<i32>,
    pub capacity_last: Option<i32>,
    pub reports: i32,
}

entity! { trend "trend"
    #[sea_orm(primary_key, auto_increment = false)] pub region: String,
    #[sea_orm(primary_key, auto_increment = false)] pub at: DateTimeUtc,
    pub totals: String,
}
