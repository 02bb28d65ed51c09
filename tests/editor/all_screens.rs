//! Every screen and popup as a picture, at the four sizes that have to be right.
//!
//! The pictures are in `every_screen/`, one file a scene and size. `INSTA_UPDATE=always` writes them anew.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use insta::{Settings, assert_snapshot};

use crate::scenes::{self, Area};

/// The usual one, a large one, a small one, the smallest.
const SIZES: [Area; 4] = [(80, 24), (120, 40), (50, 14), (40, 12)];

fn settings() -> Settings {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("every_screen");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

fn is_as_pictured((width, height): Area) {
    let differ: Vec<&str> = scenes::all()
        .filter(|scene| {
            let picture = (scene.at)((width, height)).picture();
            let name = format!("{}-{width}x{height}", scene.name);
            // All that differ are told, not the first only.
            let same = || settings().bind(|| assert_snapshot!(name, picture));
            catch_unwind(AssertUnwindSafe(same)).is_err()
        })
        .map(|scene| scene.name)
        .collect();
    assert!(differ.is_empty(), "not as pictured at {width}×{height}: {differ:?}");
}

#[test]
fn every_screen_at_80x24() {
    is_as_pictured(SIZES[0]);
}

#[test]
fn every_screen_at_120x40() {
    is_as_pictured(SIZES[1]);
}

#[test]
fn every_screen_at_50x14() {
    is_as_pictured(SIZES[2]);
}

#[test]
fn every_screen_at_40x12() {
    is_as_pictured(SIZES[3]);
}

#[test]
fn every_picture_is_of_a_scene_and_no_two_have_a_name() {
    let names: Vec<&str> = scenes::all().map(|scene| scene.name).collect();
    let wanted: BTreeSet<String> = SIZES
        .iter()
        .flat_map(|(width, height)| names.iter().map(move |name| format!("{name}-{width}x{height}.snap")))
        .collect();
    assert_eq!(wanted.len(), names.len() * SIZES.len(), "two scenes have one name");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editor/every_screen");
    let found: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".snap"))
        .collect();
    assert_eq!(
        found.difference(&wanted).collect::<Vec<_>>(),
        [] as [&String; 0],
        "of no scene"
    );
}
