//! Which page to ask for next, in which order pages are handed over, and when the list is whole. Pure: the client does
//! the asking.

use std::collections::{BTreeMap, HashSet};

use super::wire::ListPage;

/// Entries to ask for on one page, and fewer where a server refuses so many. Servers may give fewer.
const PAGE_SIZES: [u32; 4] = [100, 50, 25, 12];
/// Pages that are asked for at a time, once the first one told how many entries there are.
pub(super) const AT_ONCE: usize = 4;
/// Pages in a row without anything new that end a list.
const BARREN: u32 = 2;
/// A list that doesn't end after this many pages isn't one: something makes up entries.
const MOST_PAGES: u32 = 1000;

/// Nor is one with more entries or of more bytes: no account has so many.
const MOST_ENTRIES: usize = 100_000;
const MOST_BYTES: usize = 64 << 20;
/// How a list without an end is told.
pub(super) const ENDLESS: &str = "it doesn't end within 1000 pages, 100000 entries and 64 MiB";

/// The paging rule of `shared/api.md`: from page 0 (from 1 where 0 is refused, and with smaller pages where that is
/// refused too), until `total` distinct ids are in hand or two pages in a row bring nothing new.
///
/// Whether 0 or 1 is the first page isn't documented, and servers were seen that take 0 for 1: then a page comes twice,
/// which is why what counts are distinct ids and why one page without anything new doesn't end the list.
#[derive(Debug)]
pub(super) struct Pager<T> {
    first: u32,
    /// Which of the sizes.
    size: usize,
    /// The next one that was never asked for.
    number: u32,
    /// The next one to be handed over.
    due: u32,
    /// Those that came before it.
    early: BTreeMap<u32, ListPage<T>>,
    under_way: usize,
    at_once: usize,
    /// Those that the server was too busy for.
    again: Vec<u32>,
    /// Pages below this one were asked for several at a time.
    crowded: u32,
    asked_twice: HashSet<u32>,
    asked: u32,
    /// Entries of the fullest page.
    per_page: usize,
    barren: u32,
    total: Option<u64>,
    seen: HashSet<String>,
    bytes: usize,
}

/// A page to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageRequest {
    pub(super) number: u32,
    /// Entries on it.
    pub(super) size: u32,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NextPage {
    /// Ask for this page.
    Ask(PageRequest),
    /// Wait for one that was asked for.
    Wait,
    /// The list is whole.
    Whole,
    /// No page has what is missing of the total.
    Short,
    /// The list has no end.
    Endless,
}

impl<T> Pager<T> {
    /// For a list of which so many pages may be asked for at a time.
    pub(super) fn new(at_once: usize) -> Self {
        Self {
            first: 0,
            size: 0,
            number: 0,
            due: 0,
            early: BTreeMap::new(),
            under_way: 0,
            at_once,
            again: Vec::new(),
            crowded: 0,
            asked_twice: HashSet::new(),
            asked: 0,
            per_page: 0,
            barren: 0,
            total: None,
            seen: HashSet::new(),
            bytes: 0,
        }
    }

    /// What to do next. A page that is to be asked for counts as under way.
    pub(super) fn next(&mut self) -> NextPage {
        let is_whole = self.total.is_some_and(|total| self.seen.len() as u64 >= total);
        if is_whole || self.barren >= BARREN {
            return if is_whole || self.total.is_none() {
                NextPage::Whole
            } else {
                NextPage::Short
            };
        }
        if self.asked >= MOST_PAGES || self.seen.len() > MOST_ENTRIES || self.bytes > MOST_BYTES {
            return NextPage::Endless;
        }
        if !self.has_room() {
            return NextPage::Wait;
        }
        self.under_way += 1;
        let number = self.again.pop().unwrap_or_else(|| {
            self.number += 1;
            self.asked += 1;
            self.number - 1
        });
        NextPage::Ask(PageRequest {
            number,
            size: PAGE_SIZES[self.size],
        })
    }

    /// Whether one more may be asked for: no more than are missing, as far as that is known.
    fn has_room(&self) -> bool {
        let expected = self.under_way + self.early.len() + self.again.len();
        let is_missing = |total: u64| ((self.seen.len() + expected * self.per_page) as u64) < total;
        // Behind a page that brought nothing new only one more is tried.
        let may_come = self.barren == 0 && self.per_page > 0;
        let is_wanted = !self.again.is_empty() || may_come && self.total.is_some_and(is_missing);
        self.under_way == 0 || is_wanted && self.under_way < self.at_once
    }

    /// Counts an answer's bytes.
    pub(super) fn came(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Takes a page that was asked for; gives the entries that are new, page by page, as far as no earlier page is
    /// missing.
    pub(super) fn take(&mut self, number: u32, page: ListPage<T>, id: impl Fn(&T) -> &str) -> Vec<Vec<T>> {
        self.under_way = self.under_way.saturating_sub(1);
        self.early.insert(number, page);
        let mut fresh = Vec::new();
        while let Some(page) = self.early.remove(&self.due) {
            self.due += 1;
            fresh.push(self.fresh(page, &id));
        }
        fresh.retain(|page| !page.is_empty());
        fresh
    }

    /// What came behind a page that never will.
    pub(super) fn rest(&mut self, id: impl Fn(&T) -> &str) -> Vec<Vec<T>> {
        let early = std::mem::take(&mut self.early);
        let mut fresh: Vec<Vec<T>> = early.into_values().map(|page| self.fresh(page, &id)).collect();
        fresh.retain(|page| !page.is_empty());
        fresh
    }

    fn fresh(&mut self, page: ListPage<T>, id: &impl Fn(&T) -> &str) -> Vec<T> {
        // A zero beside entries is a total that was never counted.
        let total = page.total.filter(|total| *total > 0 || page.items.is_empty());
        self.total = total.or(self.total);
        self.per_page = self.per_page.max(page.items.len());
        let fresh: Vec<T> = page
            .items
            .into_iter()
            .filter(|item| self.seen.insert(id(item).to_owned()))
            .collect();
        self.barren = if fresh.is_empty() { self.barren + 1 } else { 0 };
        fresh
    }

    /// After the first page was refused with this status: begins at page 1 instead, then with smaller pages; false: the
    /// refusal stands.
    pub(super) fn begins_otherwise(&mut self, status: u16) -> bool {
        if self.has_begun() || !matches!(status, 400 | 404 | 416 | 422 | 500) {
            return false;
        }
        if self.first == 0 {
            self.first = 1;
        } else if self.size + 1 < PAGE_SIZES.len() {
            (self.first, self.size) = (0, self.size + 1);
        } else {
            return false;
        }
        (self.number, self.due, self.under_way) = (self.first, self.first, 0);
        true
    }

    /// After a page was refused since too much is asked: goes on with one at a time, and asks for that page again; false:
    /// it was asked for alone, or twice.
    pub(super) fn slows_down(&mut self, number: u32) -> bool {
        if self.at_once > 1 && self.has_begun() {
            (self.at_once, self.crowded) = (1, self.number);
        }
        if number >= self.crowded || !self.asked_twice.insert(number) {
            return false;
        }
        self.under_way = self.under_way.saturating_sub(1);
        self.again.push(number);
        self.again.sort_unstable_by(|a, b| b.cmp(a));
        true
    }

    fn has_begun(&self) -> bool {
        self.due > self.first
    }

    /// How many distinct entries came.
    pub(super) fn count(&self) -> usize {
        self.seen.len()
    }

    /// How many there are, as the server has it.
    pub(super) fn total(&self) -> Option<u64> {
        self.total
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

    /// What a list was read to.
    struct Read {
        asked: Vec<u32>,
        found: Vec<String>,
        end: NextPage,
        /// The most that were under way.
        most: usize,
    }

    /// Asks a server until the list is whole. Of several pages that are under way the last one comes first.
    fn read(server: impl Fn(u32) -> Option<ListPage<String>>) -> Read {
        let mut pager = Pager::new(AT_ONCE);
        let (mut asked, mut found, mut under_way, mut most) = (Vec::new(), Vec::new(), Vec::new(), 0);
        loop {
            match pager.next() {
                NextPage::Ask(page) => {
                    asked.push(page.number);
                    under_way.push(page.number);
                    most = most.max(under_way.len());
                }
                NextPage::Wait => {
                    let number = under_way.pop().expect("one is waited for");
                    match server(number) {
                        Some(page) => found.extend(pager.take(number, page, |id| id).concat()),
                        None => assert!(pager.begins_otherwise(400), "page {number} was refused"),
                    }
                }
                end => {
                    return Read {
                        asked,
                        found,
                        end,
                        most,
                    };
                }
            }
        }
    }

    fn ask(server: impl Fn(u32) -> Option<ListPage<String>>) -> (Vec<u32>, Vec<String>) {
        let Read { asked, found, .. } = read(server);
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
    fn once_the_total_is_known_four_are_asked_for_at_a_time_and_come_out_in_their_order() {
        let Read {
            asked,
            found,
            end,
            most,
        } = read(|n| Some(page(slice(1000, 100, n, 0), Some(1000))));
        assert_eq!(asked, (0..10).collect::<Vec<_>>());
        let expected: Vec<String> = (0..1000).map(|n: u32| n.to_string()).collect();
        assert_eq!((found, end, most), (expected, NextPage::Whole, 4));
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
    fn where_page_1_is_refused_too_pages_are_halved() {
        let mut pager: Pager<String> = Pager::new(AT_ONCE);
        let mut tried = Vec::new();
        loop {
            let NextPage::Ask(page) = pager.next() else {
                panic!("nothing is under way");
            };
            tried.push((page.number, page.size));
            assert!(
                !pager.begins_otherwise(401),
                "a key that is refused is no matter of pages"
            );
            if !pager.begins_otherwise([400, 404, 416, 422, 500][tried.len() % 5]) {
                break;
            }
        }
        let expected = [(0, 100), (1, 100), (0, 50), (1, 50), (0, 25), (1, 25), (0, 12), (1, 12)];
        assert_eq!(tried, expected);
    }

    #[test]
    fn without_a_total_two_pages_without_anything_new_end_the_list() {
        let (asked, found) = ask(|n| Some(page(slice(4, 3, n.max(1), 1), None)));
        assert_eq!(asked, [0, 1, 2, 3, 4]);
        assert_eq!(found.len(), 4);
        assert_eq!(ask(|_| Some(page([], None))).0, [0, 1]);
    }

    #[test]
    fn a_total_that_is_never_reached_does_not_keep_asking_and_is_short() {
        let read = read(|n| Some(page(slice(4, 3, n, 0), Some(9))));
        assert_eq!((read.found.len(), read.end), (4, NextPage::Short));
        assert_eq!(read.asked, [0, 1, 2, 3]);
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
    fn only_the_first_page_may_be_refused() {
        let mut pager = Pager::new(AT_ONCE);
        assert!(matches!(pager.next(), NextPage::Ask(PageRequest { number: 0, .. })));
        pager.take(0, page([0], Some(9)), |id| id);
        assert!(matches!(pager.next(), NextPage::Ask(PageRequest { number: 1, .. })));
        assert!(!pager.begins_otherwise(400));
    }

    #[test]
    fn a_server_that_is_too_busy_for_four_is_asked_for_one_at_a_time() {
        let mut pager = Pager::new(AT_ONCE);
        let ask = |pager: &mut Pager<String>| match pager.next() {
            NextPage::Ask(page) => Some(page.number),
            NextPage::Wait => None,
            end => panic!("{end:?}"),
        };
        assert_eq!(ask(&mut pager), Some(0));
        assert!(!pager.slows_down(0), "the first one is asked for alone");
        pager.take(0, page([0], Some(9)), |id| id);
        let asked: Vec<u32> = std::iter::from_fn(|| ask(&mut pager)).collect();
        assert_eq!(asked, [1, 2, 3, 4]);
        assert!(pager.slows_down(3) && pager.slows_down(2));
        assert_eq!(ask(&mut pager), None, "two are still under way");
        pager.take(1, page([1], Some(9)), |id| id);
        pager.take(4, page([4], Some(9)), |id| id);
        assert_eq!((ask(&mut pager), ask(&mut pager)), (Some(2), None));
        assert!(!pager.slows_down(2), "this time it was alone");
        let found = pager.take(2, page([2], Some(9)), |id| id);
        assert_eq!((found, ask(&mut pager)), (vec![vec!["2".to_owned()]], Some(3)));
        assert_eq!(pager.take(3, page([3], Some(9)), |id| id).concat(), ["3", "4"]);
        assert_eq!((ask(&mut pager), ask(&mut pager)), (Some(5), None));
    }

    #[test]
    fn what_came_behind_a_page_that_never_will_is_handed_over_at_the_end() {
        let mut pager = Pager::new(AT_ONCE);
        pager.next();
        pager.take(0, page([0], Some(5)), |id| id);
        while pager.next() != NextPage::Wait {}
        assert_eq!(pager.take(3, page([3], Some(5)), |id| id), Vec::<Vec<String>>::new());
        assert_eq!(pager.take(2, page([2], Some(5)), |id| id), Vec::<Vec<String>>::new());
        assert_eq!(pager.rest(|id| id).concat(), ["2", "3"]);
        assert_eq!((pager.count(), pager.total()), (3, Some(5)));
    }

    #[test]
    fn a_list_without_end_is_told_apart_from_a_whole_one() {
        let mut pager = Pager::new(AT_ONCE);
        for n in 0..MOST_PAGES {
            assert!(matches!(pager.next(), NextPage::Ask(page) if page.number == n));
            pager.take(n, page([n], None), |id| id);
        }
        assert_eq!(pager.next(), NextPage::Endless);
    }

    #[test]
    fn neither_is_one_of_endless_entries_or_bytes() {
        let mut pager = Pager::new(AT_ONCE);
        for n in 0..5 {
            pager.next();
            pager.take(n, page(n * 20_000..(n + 1) * 20_000, None), |id| id);
        }
        assert!(matches!(pager.next(), NextPage::Ask(_)));
        pager.take(5, page(100_000..100_001, None), |id| id);
        assert_eq!(pager.next(), NextPage::Endless);
        let mut pager: Pager<String> = Pager::new(AT_ONCE);
        pager.came(MOST_BYTES + 1);
        assert_eq!(pager.next(), NextPage::Endless);
    }
}
