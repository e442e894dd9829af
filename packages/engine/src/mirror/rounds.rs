//! Rounds: which slots are linked next, and by whom.
//!
//! Pending vectors have an order in which those follow each other that are alike, see
//! [`crate::order`]. A round takes the next from its beginning for the mirror, and the last from its end
//! for the owner. So each works on a region of its own, whose nodes stay in its caches, and what
//! the one cannot see of the other's is far from what it links.

use super::FOREIGN;
use super::changes::Counts;
use crate::error::{Error, Result, reserve};
use crate::graph::insert::Known;
use crate::index::Index;
use crate::slots::{Slot, SlotSet};
use crate::snapshot::{Sink, Source};

/// A round takes a slot for so many nodes, and from so many slots to so many.
const NODES_A_SLOT: usize = 16;
const LEAST_SLOTS: usize = 64;
const MOST_SLOTS: usize = 2048;
/// Of so many slots of a round the owner links so many, which takes both about as long: it also
/// looks where all of them belong, and takes over what the mirror has done.
const OWN: usize = 1;
const OF: usize = 2;
/// Changes of each kind in a message that only brings a mirror up to date.
const MOST_CHANGES: usize = 4096;

/// What the owner remembers of its mirror.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    under_way: Option<Round>,
    /// Slots that the mirror is linking.
    taken: SlotSet,
    /// What the next message is to hold, and how many slots the owner takes with it.
    next: Option<(Vec<[Slot; 2]>, usize, Counts)>,
}

/// A round under way.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// Slots of the index when it began.
    pub slots: usize,
    /// Those that the mirror links.
    pub asked: Vec<Slot>,
    /// How many the owner still has to link.
    own: usize,
    /// Those that the mirror has left to the owner; none before it has answered.
    left: Option<Vec<Slot>>,
}

impl Rounds {
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        self.taken.reserve(slots)
    }

    pub fn bytes(&self) -> usize {
        self.taken.bytes()
    }

    /// Slots that the mirror is linking.
    pub fn taken(&self) -> &SlotSet {
        &self.taken
    }
}

/// How far a round has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The owner has more to do.
    Own,
    /// The answer is next, or there is more to do with it.
    Answer,
    /// The round has ended, or there is none.
    Done,
}

impl Index {
    /// Begins to follow changes, for a mirror that knows nothing yet. It holds while there is no
    /// compaction, and does not begin beside one; [`Index::is_mirrored`] says whether it does.
    ///
    /// Remembering what changed takes four bits a slot.
    pub fn attach_mirror(&mut self) -> Result<()> {
        self.detach_mirror();
        if self.compaction.is_some() {
            return Ok(());
        }
        let mut rounds = Rounds::default();
        rounds.reserve(self.slots.room())?;
        let followed = self
            .records
            .codes_written
            .follow()
            .and_then(|()| self.records.links_written.follow())
            .and_then(|()| self.graph.upper_mut().written.follow());
        self.rounds = Some(rounds);
        followed.inspect_err(|_| self.detach_mirror())
    }

    /// Forgets the mirror, and gives the memory for it back. Slots that it was asked for stay
    /// pending.
    pub fn detach_mirror(&mut self) {
        self.rounds = None;
        self.records.codes_written.unfollow();
        self.records.links_written.unfollow();
        self.graph.upper_mut().written.unfollow();
    }

    /// Bytes of what is remembered for a mirror.
    pub(crate) fn followed_bytes(&self) -> usize {
        self.rounds.as_ref().map_or(0, Rounds::bytes)
            + self.records.codes_written.bytes()
            + self.records.links_written.bytes()
            + self.graph.upper().written.bytes()
    }

    /// Whether changes are being followed.
    pub fn is_mirrored(&self) -> bool {
        self.rounds.is_some()
    }

    /// Does as [`Index::build_step`] until vectors are ordered and a mirror can help, and says
    /// whether it can, or all is done.
    pub fn build_for_mirror(&mut self, max_work: u64) -> Result<bool> {
        let until = self.scratch.evaluations.saturating_add(max_work);
        loop {
            if self.order.is_ready() || self.build_step(1)? {
                return Ok(true);
            }
            if self.scratch.evaluations >= until {
                return Ok(false);
            }
        }
    }

    /// Prepares the next message, and gives its length in bytes. It is written before anything
    /// changes.
    pub(crate) fn prepare_message(&mut self) -> Result<usize> {
        self.detach_from_tombstones();
        let Some(rounds) = &self.rounds else { return Ok(0) };
        if rounds.under_way.is_some() || !self.order.is_ready() {
            return Ok(0);
        }
        let mut asked = Vec::new();
        let mut counts = self.count_changes(&asked, MOST_CHANGES);
        let mut own = 0;
        if !counts.has(MOST_CHANGES) {
            let size = self.round_size();
            own = size * OWN / OF;
            reserve(&mut asked, size - own)?;
            let of_mirror = std::iter::from_fn(|| self.order.take()).take(size - own);
            asked.extend(of_mirror.map(|(slot, near)| [slot, near]));
            if asked.is_empty() {
                return Ok(0);
            }
            counts = self.count_changes(&asked, usize::MAX);
        }
        let words = self.changes_words(counts);
        if let Some(rounds) = &mut self.rounds {
            rounds.next = Some((asked, own, counts));
        }
        Ok(words * size_of::<u32>())
    }

    /// How many slots the next round takes: the rest, if little would remain.
    fn round_size(&self) -> usize {
        let size = (self.graph.linked().len() / NODES_A_SLOT).clamp(LEAST_SLOTS, MOST_SLOTS);
        let left = self.order.len();
        if left < size + size / 2 { left } else { size }
    }

    /// Writes the message that was just prepared.
    pub(crate) fn write_prepared(&mut self, sink: &mut dyn Sink) -> Result<()> {
        let next = self.rounds.as_mut().and_then(|rounds| rounds.next.take());
        let (asked, own, counts) = next.ok_or(Error::Outdated)?;
        // Before anything is told.
        let mut slots_asked = Vec::new();
        reserve(&mut slots_asked, asked.len())?;
        self.write_changes(&asked, counts, sink)?;
        let slots = self.slots.count();
        if let Some(rounds) = &mut self.rounds
            && !asked.is_empty()
        {
            slots_asked.extend(asked.into_iter().map(|[slot, _]| slot));
            let asked = slots_asked;
            asked.iter().for_each(|&slot| rounds.taken.insert(slot));
            rounds.under_way = Some(Round { slots, asked, own, left: None });
        }
        Ok(())
    }

    /// The next message to the mirror, empty when there is none to be sent now.
    ///
    /// While the mirror lacks more than a message should hold, it brings it up to date. Then it
    /// begins a round, if none is under way and the next vectors are in order.
    pub fn next_message(&mut self) -> Result<Vec<u8>> {
        let bytes = self.prepare_message()?;
        let mut message = Vec::new();
        reserve(&mut message, bytes)?;
        message.resize(bytes, 0);
        if bytes > 0 {
            self.write_prepared(&mut message)?;
        }
        Ok(message)
    }

    /// Works on the round, or prepares the next, until about `max_work` distances were computed:
    /// links what the owner took for itself, looks where the next vectors belong, and where an `answer`
    /// is given takes it over.
    ///
    /// Without an answer of the mirror it stops before it needs one. What is no answer to what was
    /// asked is an error; what was not linked then is still pending.
    pub fn work_on_round(&mut self, answer: Option<&[u8]>, max_work: u64) -> Result<Stage> {
        self.work_from(answer.as_ref().map(|bytes| bytes as &dyn Source), max_work)
    }

    /// The same from a source.
    pub(crate) fn work_from(
        &mut self,
        answer: Option<&dyn Source>,
        max_work: u64,
    ) -> Result<Stage> {
        self.detach_from_tombstones();
        let Some(mut rounds) = self.rounds.take() else { return Ok(Stage::Done) };
        let until = self.scratch.evaluations.saturating_add(max_work);
        let stage = self.work_until(&mut rounds, answer, until);
        if stage != Ok(Stage::Own) && stage != Ok(Stage::Answer) {
            for slot in rounds.under_way.take().into_iter().flat_map(|round| round.asked) {
                rounds.taken.remove(slot);
            }
        }
        self.rounds = Some(rounds);
        stage
    }

    fn work_until(
        &mut self,
        rounds: &mut Rounds,
        answer: Option<&dyn Source>,
        until: u64,
    ) -> Result<Stage> {
        let Rounds { under_way, taken, .. } = rounds;
        while let Some(round) = under_way
            && round.own > 0
        {
            round.own -= 1;
            if let Some((slot, near)) = self.order.take_last() {
                self.insert_pending(slot, Known::Near(near));
            }
            if self.scratch.evaluations >= until {
                return Ok(Stage::Own);
            }
        }
        // The mirror need not wait for this.
        if self.order.is_over() {
            self.order.begin(self.slots.pending(), taken, self.graph.linked().len())?;
        }
        while let Some(slot) = self.order.unplaced() {
            self.order.place(self.graph.locate(&self.records, slot, &mut self.scratch));
            if self.scratch.evaluations >= until {
                return Ok(Stage::Own);
            }
        }
        let Some(round) = under_way else {
            return Ok(if self.order.is_ready() { Stage::Own } else { Stage::Done });
        };
        if round.left.is_none() {
            let Some(answer) = answer else { return Ok(Stage::Answer) };
            round.left = Some(self.take_answer(round, answer).ok_or(FOREIGN)?);
        }
        while let Some(slot) = round.left.as_mut().and_then(Vec::pop) {
            self.insert_pending(slot, Known::Nothing);
            if self.scratch.evaluations >= until {
                return Ok(Stage::Answer);
            }
        }
        Ok(Stage::Done)
    }

    /// A graph of nothing but tombstones is compacted before anyone is linked to it.
    fn detach_from_tombstones(&mut self) {
        if self.tombstones() > 0 && self.tombstones() == self.graph.linked().len() {
            self.detach_mirror();
        }
    }
}
