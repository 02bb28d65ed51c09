//! How things look: a style for each role, from a theme file. Nothing is told by colour alone.
//!
//! Screens ask for a role: `theme::error()`. The themes are data (`assets/themes/`), the user's lie over them key by
//! key ([`mod@file`]). The theme in use is this thread's, and the editor draws on one thread only: it is set once at
//! the start, and whoever sets nothing draws with `terminal`, the 16 ANSI colours, which are the user's own.

pub mod file;

use std::cell::RefCell;
use std::sync::LazyLock;

use ratatui::style::{Color, Modifier, Style};

use crate::endpoint::Severity;

macro_rules! roles {
    ($($role:ident $name:ident $says:literal,)*) => {
        /// What a style is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Role {
            $(#[doc = $says] $role,)*
        }

        impl Role {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$role,)*];

            /// Its name in a theme file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$role => stringify!($name),)* }
            }

            /// What is drawn so, for the documentation.
            pub fn says(self) -> &'static str {
                match self { $(Self::$role => $says,)* }
            }
        }

        $(#[doc = $says] pub fn $name() -> Style { style(Role::$role) })*
    };
}

roles! {
    Plain plain "Plain text, and the background of everything",
    Dim dim "Units, ranges and what else may recede",
    Strong strong "Titles, and what the eye should meet first",
    Focus focus "The focused field or row, and its `›`",
    Frame frame "Boxes and rules",
    Key key "Keys in the hints",
    Error error "Beside `✗`",
    Warning warning "Beside `!`",
    Changed changed "Beside `*`",
    Good good "What went well, beside `✓` and `+`",
    Substitute substitute "What stands in for a character that can't be seen",
    Chosen chosen "The chosen tab",
}

/// A style for each role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
}

thread_local! {
    static CURRENT: RefCell<Theme> = RefCell::new(Theme::default());
}

/// From now on everything that this thread draws looks like that.
pub fn set(theme: Theme) {
    CURRENT.with_borrow_mut(|current| *current = theme);
}

fn style(role: Role) -> Style {
    CURRENT.with_borrow(|theme| theme.style(role))
}

/// The mark of a problem, and its style.
pub fn sign(severity: Severity) -> (&'static str, Style) {
    match severity {
        Severity::Error => ("✗", error()),
        Severity::Warning => ("!", warning()),
    }
}

impl Theme {
    /// A role's whole style: both colours and every attribute, on or off, so that it looks the same whatever it is
    /// drawn over.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The same where there are no colours: what had a ground of its own is reversed.
    pub fn without_colors(&self) -> Self {
        let ground = self.style(Role::Plain).bg;
        Self::new(|role| {
            let style = self.style(role);
            let mut on = style.add_modifier;
            if style.bg != ground {
                on.insert(Modifier::REVERSED);
            }
            (Color::Reset, Color::Reset, on)
        })
    }

    fn new(look: impl Fn(Role) -> (Color, Color, Modifier)) -> Self {
        let mut styles = [Style::new(); Role::ALL.len()];
        for role in Role::ALL {
            let (fg, bg, on) = look(*role);
            styles[*role as usize] = Style {
                fg: Some(fg),
                bg: Some(bg),
                add_modifier: on,
                sub_modifier: Modifier::all() - on,
            };
        }
        Self { styles }
    }
}

impl Default for Theme {
    fn default() -> Self {
        static DEFAULT: LazyLock<Theme> = LazyLock::new(|| {
            file::builtin(file::DEFAULT).expect("the default is one of the themes; a test reads them all")
        });
        DEFAULT.clone()
    }
}
