//! The editor as a person meets it: keys in, screens and effects out, no terminal and no network.

mod conflict;
mod copying;
mod details;
mod editing;
mod filtering;
mod finding;
mod harness;
mod keeping;
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
mod screens;
mod scrolling;
mod situations;
mod undoing;
mod walk;
mod wide;
