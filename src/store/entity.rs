//! The tables as sea-orm sees them; `migrations/src/schema.sql` says what the columns mean.
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

entity! { region "region"
    #[sea_orm(primary_key, auto_increment = false)] pub code: String,
    pub name: String,
    pub aliases: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub precision: Option<String>,
    pub timezone: Option<String>,
    pub postcode: Option<String>,
    pub changed_at: DateTimeUtc,
    pub left_at: Option<DateTimeUtc>,
}

entity! { resource_type "resource_type"
    #[sea_orm(primary_key, auto_increment = false)] pub code: String,
    pub body: String,
    pub changed_at: DateTimeUtc,
}

entity! { facility "facility"
    #[sea_orm(primary_key, auto_increment = false)] pub id: Uuid,
    pub name: String,
    pub kind: String,
    pub region: String,
    pub aliases: String,
    pub address: Option<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub intake: Option<String>,
    pub flags: String,
    pub simulated: bool,
    pub closed: bool,
    pub seq: i64,
    pub changed_at: DateTimeUtc,
    pub moved_at: Option<DateTimeUtc>,
}

entity! { facility_external_id "facility_external_id"
    #[sea_orm(primary_key, auto_increment = false)] pub external_id: String,
    pub facility_id: Uuid,
    pub position: i32,
}

entity! { facility_phone "facility_phone"
    #[sea_orm(primary_key, auto_increment = false)] pub facility_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)] pub position: i32,
    pub number: String,
    pub label: Option<String>,
    pub visibility: String,
}

entity! { availability "availability"
    #[sea_orm(primary_key, auto_increment = false)] pub facility_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)] pub resource_type: String,
    pub capacity: Option<i32>,
    pub occupied: Option<i32>,
    pub available: Option<i32>,
    pub queue: Option<i32>,
    pub observed_at: DateTimeUtc,
    pub received_at: DateTimeUtc,
    pub source: String,
    pub reporter: String,
    pub seq: i64,
    pub jump: Option<String>,
    pub available_since: Option<DateTimeUtc>,
    pub oldest_room_observed_at: Option<DateTimeUtc>,
}

entity! { room "room"
    #[sea_orm(primary_key, auto_increment = false)] pub facility_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)] pub system: String,
    #[sea_orm(primary_key, auto_increment = false)] pub room: String,
    pub code: Option<String>,
    pub name: String,
    pub capacity: Option<i32>,
    pub occupied: Option<i32>,
    pub available: Option<i32>,
    pub queue: Option<i32>,
    pub observed_at: DateTimeUtc,
    pub reporter: String,
    pub removed: bool,
}

entity! { session "session"
    #[sea_orm(primary_key, auto_increment = false)] pub id: Uuid,
    pub facility_id: Uuid,
    pub body: String,
    pub seq: i64,
    pub changed_at: DateTimeUtc,
}

entity! { session_availability "session_availability"
    #[sea_orm(primary_key, auto_increment = false)] pub session_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)] pub date: Date,
    pub capacity: Option<i32>,
    pub occupied: Option<i32>,
    pub available: Option<i32>,
    pub queue: Option<i32>,
    pub observed_at: DateTimeUtc,
    pub received_at: DateTimeUtc,
    pub source: String,
    pub reporter: String,
}

entity! { mark "mark"
    #[sea_orm(primary_key, auto_increment = false)] pub id: Uuid,
    pub until: DateTimeUtc,
    pub body: String,
}

entity! { contact "contact"
    #[sea_orm(primary_key, auto_increment = false)] pub id: Uuid,
    pub region: Option<String>,
    pub name: String,
    pub role: String,
    pub phone: String,
    pub visibility: String,
}

entity! { change "change"
    #[sea_orm(primary_key, auto_increment = false)] pub seq: i64,
    pub at: DateTimeUtc,
    pub actor: String,
    pub facility_id: Option<Uuid>,
    pub body: String,
    pub late: Option<String>,
}

entity! { api_key "api_key"
    #[sea_orm(primary_key, auto_increment = false)] pub id: Uuid,
    #[sea_orm(unique)]
    pub hash: String,
    pub role: String,
    pub name: String,
    pub facilities: String,
    pub region: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
    pub last_used_at: Option<DateTimeUtc>,
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
