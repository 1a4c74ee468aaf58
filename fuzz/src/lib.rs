//! What all fuzz targets share: the allocator, and the entrance to the library that has their oracles.
#![forbid(unsafe_code)]

pub use deepshare_conformance::fuzz::check;

/// The parties' many small vectors take a third of the time with the system's allocator. Builds with a sanitizer of
/// memory go without this: `--no-default-features`.
#[cfg(feature = "quick-allocator")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
