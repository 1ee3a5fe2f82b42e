//! What `#[orm::test]` writes for each database: the test, or nothing where the database is off.

/// A test of that name on that kind of database.
#[doc(hidden)]
#[macro_export]
macro_rules! __test_case {
    ($name:ident, $kind:ident, [$($attribute:tt)*] [$($app:literal),*] $function:path) => {
        #[::core::prelude::v1::test]
        $($attribute)*
        fn $name() {
            $crate::testing::run($crate::testing::DatabaseKind::$kind, &[$($app),*], $function)
        }
    };
}

#[cfg(feature = "sqlite")]
#[doc(hidden)]
#[macro_export]
macro_rules! __test_sqlite {
    ($($test:tt)*) => { $crate::__test_case! { sqlite, Sqlite, $($test)* } };
}

#[cfg(not(feature = "sqlite"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __test_sqlite {
    ($($test:tt)*) => {};
}

#[cfg(feature = "postgres")]
#[doc(hidden)]
#[macro_export]
macro_rules! __test_postgres {
    ($($test:tt)*) => { $crate::__test_case! { postgres, Postgres, $($test)* } };
}

#[cfg(not(feature = "postgres"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __test_postgres {
    ($($test:tt)*) => {};
}

#[cfg(feature = "mysql")]
#[doc(hidden)]
#[macro_export]
macro_rules! __test_mysql {
    ($($test:tt)*) => { $crate::__test_case! { mysql, MySql, $($test)* } };
}

#[cfg(not(feature = "mysql"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __test_mysql {
    ($($test:tt)*) => {};
}
