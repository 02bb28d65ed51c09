//! The built program in a real pseudo-terminal, against the simulated API over real HTTP: keys in, screens out.

mod bytes;
mod disks;
mod drafts;
mod exits;
mod harness;
mod home;
mod keys;
mod kinds;
mod leaving;
mod lists;
mod loading;
mod odd;
mod once;
mod outside;
mod owners;
mod pointing;
mod saving;
mod secrets;
mod size;
mod ssh;
mod story;
mod tmux;
mod typing;
mod wire;
