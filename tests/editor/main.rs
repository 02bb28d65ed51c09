//! The editor as a person meets it: keys in, screens and effects out, no terminal and no network.

mod all_screens;
mod conflict;
mod copying;
mod details;
mod editing;
mod filtering;
mod finding;
mod harness;
mod keeping;
mod kinds;
mod lists;
mod loading;
mod lookups;
mod mouse;
mod moving;
mod outside;
mod past;
mod review;
mod saving;
mod scale;
mod scenes;
mod screens;
mod scrolling;
mod situations;
mod walk;
mod wide;
