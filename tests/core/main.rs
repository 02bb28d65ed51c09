//! What is pure, by plain calls: the endpoint, its body and files, merging, the session and its saves, races of
//! editors.

mod body;
mod document;
mod dotenv;
mod edits;
mod merge;
mod properties;
mod race;
mod respelled;
mod rollout;
mod rules;
mod save;
mod settling;
mod textin;
mod workspace;
