//! The merge of the order of a list's rows. It knows rows only as places: numbers whose order depends on no side.

/// The places of each side, in its order.
#[derive(Clone, Debug)]
pub(super) struct Sequences {
    /// For each place the first place of the same key.
    firsts: Vec<usize>,
    /// Loaded, mine, theirs.
    all: [Vec<usize>; 3],
    /// Mine and theirs, only what both have.
    common: [Vec<usize>; 2],
}

/// What is said of the places that both sides have.
#[derive(Clone, Debug)]
pub(super) enum OrderDecision {
    /// Their order.
    Settled(Vec<usize>),
    /// Each side reordered what was loaded, and differently.
    Clash {
        /// As far as they were loaded.
        loaded: Vec<usize>,
        mine: Vec<usize>,
        theirs: Vec<usize>,
    },
}

impl Sequences {
    pub(super) fn new(firsts: Vec<usize>, all: [Vec<usize>; 3]) -> Self {
        let [_, mine, theirs] = &all;
        let common = [
            only(mine, &members(firsts.len(), theirs)),
            only(theirs, &members(firsts.len(), mine)),
        ];
        Self { firsts, all, common }
    }

    pub(super) fn firsts(&self) -> &[usize] {
        &self.firsts
    }

    pub(super) fn all(&self) -> &[Vec<usize>; 3] {
        &self.all
    }

    /// One of the two orders of what both sides have, the same whichever side is called mine.
    pub(super) fn reference(&self) -> &[usize] {
        let [mine, theirs] = &self.common;
        mine.min(theirs)
    }

    /// Decides about the places that both sides have.
    pub(super) fn decide(&self) -> OrderDecision {
        let [mine, theirs] = &self.common;
        let was_loaded = members(self.firsts.len(), &self.all[0]);
        let loaded = only(&self.all[0], &members(self.firsts.len(), mine));
        let (mine_of_loaded, theirs_of_loaded) = (only(mine, &was_loaded), only(theirs, &was_loaded));
        match (mine_of_loaded != loaded, theirs_of_loaded != loaded) {
            (true, false) => OrderDecision::Settled(mine.clone()),
            (false, true) => OrderDecision::Settled(theirs.clone()),
            (true, true) if mine_of_loaded != theirs_of_loaded => OrderDecision::Clash {
                loaded,
                mine: mine.clone(),
                theirs: theirs.clone(),
            },
            // At most they put what both added at different places.
            _ => OrderDecision::Settled(self.reference().to_vec()),
        }
    }

    /// An order with what is missing in it of the places that both sides have.
    pub(super) fn complete(&self, listed: &[usize]) -> Vec<usize> {
        self.insert(listed.to_vec(), &[self.reference()])
    }

    /// All places that are `there`: those of `base` in that order, every other after the one that it followed on the
    /// side that has it.
    pub(super) fn arrange(&self, base: &[usize], there: &[bool]) -> Vec<usize> {
        let [loaded, mine, theirs] = self.all.each_ref().map(|side| only(side, there));
        self.insert(only(base, there), &[&mine, &theirs, &loaded])
    }

    /// Puts what `base` lacks after what it follows in the first of the sides that has it, in front of all if it
    /// follows nothing. Of what the first two sides put into the same gap, the smaller comes first; then the third's.
    fn insert(&self, base: Vec<usize>, sides: &[&[usize]]) -> Vec<usize> {
        // A gap is known by how many of `base` stand in front of it. For each place: the gap that it is in, or that
        // follows it where it is one of `base`.
        let mut gaps = vec![None; self.firsts.len()];
        for (at, place) in base.iter().enumerate() {
            gaps[*place] = Some(at + 1);
        }
        let in_base = members(self.firsts.len(), &base);
        let mut runs = Vec::new();
        for (number, side) in sides.iter().enumerate() {
            let mut put = Vec::new();
            let mut gap = 0;
            // By key: no row may come to stand in front of an earlier one of its key.
            let mut least = vec![0; self.firsts.len()];
            for &place in *side {
                let least = &mut least[self.firsts[place]];
                let own = gaps[place].unwrap_or_else(|| {
                    put.push((gap.max(*least), place));
                    gap.max(*least)
                });
                if in_base[place] {
                    gap = own;
                }
                *least = own;
                gaps[place] = Some(own);
            }
            put.sort_by_key(|(gap, _)| *gap);
            for run in put.chunk_by(|a, b| a.0 == b.0) {
                let places: Vec<usize> = run.iter().map(|(_, place)| *place).collect();
                runs.push((run[0].0, number > 1, places));
            }
        }
        runs.sort_unstable();
        let mut arranged = Vec::with_capacity(self.firsts.len());
        let mut done = 0;
        for (gap, _, places) in runs {
            arranged.extend_from_slice(&base[done..gap]);
            arranged.extend(places);
            done = gap;
        }
        arranged.extend_from_slice(&base[done..]);
        arranged
    }
}

/// For each of so many places: whether it is among these.
fn members(places: usize, of: &[usize]) -> Vec<bool> {
    let mut members = vec![false; places];
    for place in of {
        members[*place] = true;
    }
    members
}

/// What of a sequence is among the members.
fn only(sequence: &[usize], members: &[bool]) -> Vec<usize> {
    sequence.iter().copied().filter(|place| members[*place]).collect()
}
