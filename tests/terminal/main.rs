//! The built program in a real pseudo-terminal, against the simulated API over real HTTP: keys in, screens out.

mod harness;
mod leaving;
mod lists;
mod loading;
mod odd;
mod saving;
mod size;
mod story;
mod typing;
