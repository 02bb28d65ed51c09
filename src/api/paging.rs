//! Which page to ask for next, and when the list is whole. Pure: the client does the asking.

use std::collections::HashSet;

use super::wire::ListPage;

/// Entries to ask for on one page. Servers may give fewer.
pub(super) const PAGE_SIZE: &str = "100";
/// Pages in a row without anything new that end a list.
const BARREN: u32 = 2;
/// A list that doesn't end after this many pages isn't one: something makes up entries.
const MOST_PAGES: u32 = 1000;

/// Nor is one with more entries or of more bytes: no account has so many.
const MOST_ENTRIES: usize = 100_000;
const MOST_BYTES: usize = 64 << 20;
/// How a list without an end is told.
pub(super) const ENDLESS: &str = "it doesn't end within 1000 pages, 100000 entries and 64 MiB";

/// The paging rule of `shared/api.md`: from page 0 (from 1 where 0 is refused), until `total` distinct ids are in hand
/// or two pages in a row bring nothing new.
///
/// Whether 0 or 1 is the first page isn't documented, and servers were seen that take 0 for 1: then a page comes twice,
/// which is why what counts are distinct ids and why one page without anything new doesn't end the list.
#[derive(Debug, Default)]
pub(super) struct Pager {
    page: u32,
    asked: u32,
    barren: u32,
    total: Option<u64>,
    seen: HashSet<String>,
    bytes: usize,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NextPage {
    /// Ask for this page.
    Ask(u32),
    /// The list is whole.
    Whole,
    /// The list has no end.
    Endless,
}

impl Pager {
    /// What to do next.
    pub(super) fn next(&self) -> NextPage {
        let whole = self.total.is_some_and(|total| self.seen.len() as u64 >= total);
        if whole || self.barren >= BARREN {
            NextPage::Whole
        } else if self.asked >= MOST_PAGES || self.seen.len() > MOST_ENTRIES || self.bytes > MOST_BYTES {
            NextPage::Endless
        } else {
            NextPage::Ask(self.page)
        }
    }

    /// Counts an answer's bytes.
    pub(super) fn came(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Takes the page that was asked for; gives the entries on it that are new.
    pub(super) fn take<T>(&mut self, page: ListPage<T>, id: impl Fn(&T) -> &str) -> Vec<T> {
        // A zero beside entries is a total that was never counted.
        let total = page.total.filter(|total| *total > 0 || page.items.is_empty());
        self.total = total.or(self.total);
        let fresh: Vec<T> = page
            .items
            .into_iter()
            .filter(|item| self.seen.insert(id(item).to_owned()))
            .collect();
        self.barren = if fresh.is_empty() { self.barren + 1 } else { 0 };
        self.page += 1;
        self.asked += 1;
        fresh
    }

    /// Starts at page 1 instead, if it was page 0 that was refused; false: the refusal stands.
    pub(super) fn skip_zero(&mut self) -> bool {
        let at_zero = self.page == 0;
        self.page = 1;
        at_zero
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: impl IntoIterator<Item = u32>, total: Option<u64>) -> ListPage<String> {
        ListPage {
            items: items.into_iter().map(|n| n.to_string()).collect(),
            total,
        }
    }

    /// Asks a server until the list is whole; gives the pages asked for and the entries found.
    fn ask(server: impl Fn(u32) -> Option<ListPage<String>>) -> (Vec<u32>, Vec<String>) {
        let (mut asked, mut found) = (Vec::new(), Vec::new());
        let mut pager = Pager::default();
        while let NextPage::Ask(number) = pager.next() {
            asked.push(number);
            match server(number) {
                Some(page) => found.extend(pager.take(page, |id| id)),
                None => assert!(pager.skip_zero(), "page {number} was refused"),
            }
        }
        (asked, found)
    }

    /// `count` entries, `size` on a page, the first page being `first`.
    fn slice(count: u32, size: u32, number: u32, first: u32) -> Vec<u32> {
        let start = number.saturating_sub(first) * size;
        (start..count.min(start + size)).collect()
    }

    #[test]
    fn a_list_that_counts_from_zero_takes_no_page_too_many() {
        let (asked, found) = ask(|n| Some(page(slice(7, 3, n, 0), Some(7))));
        assert_eq!(asked, [0, 1, 2]);
        assert_eq!(found.len(), 7);
    }

    #[test]
    fn a_server_that_takes_page_0_for_page_1_is_read_to_the_end() {
        let (asked, found) = ask(|n| Some(page(slice(7, 3, n.max(1), 1), Some(7))));
        assert_eq!(asked, [0, 1, 2, 3]);
        assert_eq!(found.len(), 7);
    }

    #[test]
    fn a_server_that_refuses_page_0_is_asked_from_1() {
        let (asked, found) = ask(|n| (n > 0).then(|| page(slice(4, 3, n, 1), Some(4))));
        assert_eq!(asked, [0, 1, 2]);
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn without_a_total_two_pages_without_anything_new_end_the_list() {
        let (asked, found) = ask(|n| Some(page(slice(4, 3, n.max(1), 1), None)));
        assert_eq!(asked, [0, 1, 2, 3, 4]);
        assert_eq!(found.len(), 4);
        assert_eq!(ask(|_| Some(page([], None))).0, [0, 1]);
    }

    #[test]
    fn a_total_that_is_never_reached_does_not_keep_asking() {
        let (asked, found) = ask(|n| Some(page(slice(4, 3, n, 0), Some(9))));
        assert_eq!(asked, [0, 1, 2, 3]);
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn an_empty_list_that_says_so_takes_one_page() {
        assert_eq!(ask(|_| Some(page([], Some(0)))).0, [0]);
    }

    #[test]
    fn a_total_of_zero_beside_entries_is_not_believed() {
        assert_eq!(ask(|n| Some(page(slice(5, 3, n, 0), Some(0)))).1.len(), 5);
    }

    #[test]
    fn only_page_0_may_be_refused() {
        let mut pager = Pager::default();
        assert!(pager.skip_zero());
        assert_eq!(pager.next(), NextPage::Ask(1));
        assert!(!pager.skip_zero());
    }

    #[test]
    fn a_list_without_end_is_told_apart_from_a_whole_one() {
        let mut pager = Pager::default();
        for n in 0..MOST_PAGES {
            assert_eq!(pager.next(), NextPage::Ask(n));
            pager.take(page([n], None), |id| id);
        }
        assert_eq!(pager.next(), NextPage::Endless);
    }

    #[test]
    fn neither_is_one_of_endless_entries_or_bytes() {
        let mut pager = Pager::default();
        for n in 0..5 {
            pager.take(page(n * 20_000..(n + 1) * 20_000, None), |id| id);
        }
        assert_eq!(pager.next(), NextPage::Ask(5));
        pager.take(page(100_000..100_001, None), |id| id);
        assert_eq!(pager.next(), NextPage::Endless);
        let mut pager = Pager::default();
        pager.came(MOST_BYTES);
        assert_eq!(pager.next(), NextPage::Ask(0));
        pager.came(1);
        assert_eq!(pager.next(), NextPage::Endless);
    }
}
