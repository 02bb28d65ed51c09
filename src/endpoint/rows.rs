//! The rows of a list, shared between the configurations that have the same.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// Rows that are copied only when one of their owners changes them: the base, what is edited, what is kept and every
/// step of undo have the same thousands of variables as long as none of them was touched. To look at a `Vec` in all
/// else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows<T>(Arc<Vec<T>>);

impl<T> Rows<T> {
    /// Whether both are the very same rows, untouched since one was copied from the other: then nothing has to be
    /// compared.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Rows<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Clone> DerefMut for Rows<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        Arc::make_mut(&mut self.0)
    }
}

impl<T> From<Vec<T>> for Rows<T> {
    fn from(rows: Vec<T>) -> Self {
        Self(Arc::new(rows))
    }
}

impl<T> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Vec::from_iter(rows).into()
    }
}

impl<'a, T> IntoIterator for &'a Rows<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shared_until_one_owner_changes_them() {
        let base: Rows<i32> = vec![1, 2].into();
        let mut now = base.clone();
        assert!(now.is_shared_with(&base));
        now.push(3);
        assert!(!now.is_shared_with(&base));
        assert_eq!((base.len(), now.len()), (2, 3));
        now.pop();
        assert_eq!(now, base);
    }
}
