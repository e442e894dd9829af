//! Rounds: which slots are linked next, and by whom.
//!
//! A round takes some pending slots. The mirror is asked for links of most of them; the others the
//! owner inserts in full, before it applies the proposals in the order of slots. Two rounds are
//! under way at a time: the mirror works on the next while the owner works on this one. So links
//! are looked for in a graph that lacks the slots of the round itself and of the one before.
//!
//! Vectors that were added one after the other are often alike: the parts of a text, the texts of a
//! topic. In one round they would not find each other. So a round takes its slots from all over,
//! at even distances.

use super::FOREIGN;
use super::words::Input;
use crate::error::{Error, Result, reserve};
use crate::graph::insert::Known;
use crate::graph::pool::{Key, sort};
use crate::index::Index;
use crate::slots::{Slot, SlotSet};
use crate::snapshot::{Sink, Source};

/// Nodes below which a graph is built alone: searching it takes no time, and each new node changes
/// much of it.
const FIRST_NODES: usize = 4096;
/// A round takes a slot for so many nodes, and so many at least.
const NODES_A_SLOT: usize = 128;
const LEAST_SLOTS: usize = 64;
/// Of so many slots of a round the owner inserts so many in full, which takes both about as long.
const OWN: usize = 2;
const OF: usize = 7;
/// Rounds under way at a time.
const ROUNDS: usize = 2;
/// Changes of each kind in a message that only brings a mirror up to date.
const MOST_CHANGES: usize = 1024;

/// What the owner remembers of its mirror.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    under_way: Vec<Round>,
    /// Slots of rounds under way.
    taken: SlotSet,
    /// What the next message is to hold.
    next: Option<(Round, super::changes::Counts)>,
}

/// A round under way.
#[derive(Debug, Default)]
struct Round {
    own: Vec<Slot>,
    asked: Vec<Slot>,
    /// Those asked for whose vector another slot has that the mirror does not know as a node yet.
    twins: Vec<Slot>,
    /// How many of both have been linked, and words of the answer read for it.
    own_done: usize,
    asked_done: usize,
    words: usize,
}

impl Rounds {
    pub fn reserve(&mut self, slots: usize) -> Result<()> {
        self.taken.reserve(slots)
    }

    pub fn bytes(&self) -> usize {
        self.taken.bytes()
    }
}

/// How far a round has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The owner has more to insert.
    Own,
    /// The proposals are next.
    Proposals,
    /// The round has ended, or there is none.
    Done,
}

impl Index {
    /// Begins to follow changes, for a mirror that knows nothing yet. It holds while there is no
    /// compaction; [`Index::is_mirrored`] says whether it still does.
    ///
    /// Remembering what changed takes four bits a slot.
    pub fn attach_mirror(&mut self) -> Result<()> {
        self.detach_mirror();
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

    /// Does as [`Index::build_step`] until the graph is large enough for a mirror to help, and says
    /// whether it is, or is complete.
    pub fn build_for_mirror(&mut self, max_work: u64) -> Result<bool> {
        if self.tombstones() > 0 && self.tombstones() == self.graph.linked().len() {
            self.compact(max_work)?;
            return Ok(false);
        }
        let until = self.scratch.evaluations.saturating_add(max_work);
        while self.wants_graph() && self.graph.linked().len() < FIRST_NODES {
            let Some(slot) = self.spread_pending() else { return Ok(true) };
            self.insert(slot, Known::Nothing);
            if self.scratch.evaluations >= until {
                break;
            }
        }
        Ok(!self.wants_graph() || self.graph.linked().len() >= FIRST_NODES)
    }

    /// A pending slot from anywhere: multiples of the golden ratio are spread evenly, however many
    /// there are.
    fn spread_pending(&self) -> Option<Slot> {
        let turn = (self.graph.linked().len() as u32).wrapping_mul(0x9E37_79B9);
        let at = (u64::from(turn) * self.slots.count() as u64) >> 32;
        self.slots.pending().next_from(Slot(at as u32))
    }

    /// Prepares the next message, and gives its length in bytes. It is written before anything
    /// changes.
    pub(crate) fn prepare_message(&mut self) -> Result<usize> {
        self.detach_from_tombstones();
        let Some(rounds) = &self.rounds else { return Ok(0) };
        if rounds.under_way.len() == ROUNDS || self.graph.linked().len() < FIRST_NODES {
            return Ok(0);
        }
        let behind = self.count_changes(&[], MOST_CHANGES);
        let (round, counts) = if behind.has(MOST_CHANGES) && rounds.under_way.is_empty() {
            (Round::default(), behind)
        } else {
            let round = self.next_round()?;
            if round.asked.is_empty() {
                return Ok(0);
            }
            let counts = self.count_changes(&round.asked, usize::MAX);
            (round, counts)
        };
        let words = self.changes_words(counts);
        if let Some(rounds) = &mut self.rounds {
            rounds.next = Some((round, counts));
        }
        Ok(words * size_of::<u32>())
    }

    /// Writes the message that was just prepared.
    pub(crate) fn write_prepared(&mut self, sink: &mut dyn Sink) -> Result<()> {
        let next = self.rounds.as_mut().and_then(|rounds| rounds.next.take());
        let (round, counts) = next.ok_or(Error::Outdated)?;
        self.write_changes(&round.asked, counts, sink)?;
        if let Some(rounds) = &mut self.rounds
            && !round.asked.is_empty()
        {
            round.own.iter().chain(&round.asked).for_each(|&slot| rounds.taken.insert(slot));
            rounds.under_way.push(round);
        }
        Ok(())
    }

    /// The next message to the mirror, empty when there is none to be sent now.
    ///
    /// While the mirror lacks more than a message should hold, it brings it up to date. Then it
    /// begins a round, until two are under way or too little is pending.
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

    /// Chooses the slots of the next round: none where too few are pending.
    fn next_round(&self) -> Result<Round> {
        let mut round = Round::default();
        let Some(Rounds { taken, .. }) = &self.rounds else { return Ok(round) };
        let pending = self.slots.pending();
        let count = pending.count_without(taken);
        if count < LEAST_SLOTS {
            return Ok(round);
        }
        let size = (self.graph.linked().len() / NODES_A_SLOT).max(LEAST_SLOTS).min(count);
        reserve(&mut round.own, size)?;
        reserve(&mut round.asked, size)?;
        let mut chosen = 0;
        pending.visit_every(count / size, taken, size, |slot| {
            let is_own = chosen * OWN / OF != (chosen + 1) * OWN / OF;
            if is_own {
                round.own.push(slot)
            } else {
                round.asked.push(slot)
            }
            chosen += 1;
        });
        self.find_twins(&mut round)?;
        Ok(round)
    }

    /// Finds those whom no proposal can call copies: copies of each other in the rounds under way.
    fn find_twins(&self, round: &mut Round) -> Result<()> {
        let under_way = self.rounds.iter().flat_map(|rounds| &rounds.under_way);
        let mut keys = Vec::new();
        for Round { own, asked, .. } in under_way.chain([&*round]) {
            reserve(&mut keys, own.len() + asked.len())?;
            let slots = own.iter().chain(asked);
            keys.extend(slots.map(|&slot| Key::new(self.records.scale(slot), slot, false)));
        }
        sort(&mut keys);
        let is_same = |a: &Key, b: &Key| a != b && self.records.is_same(a.slot(), b.slot());
        for alike in keys.chunk_by(|a, b| a.distance() == b.distance()) {
            for key in alike.iter().filter(|key| alike.iter().any(|other| is_same(key, other))) {
                reserve(&mut round.twins, 1)?;
                round.twins.push(key.slot());
            }
        }
        Ok(())
    }

    /// Works on the round that began first until about `max_work` distances were computed:
    /// inserts what the owner took for itself, and where `proposals` are given applies them.
    ///
    /// Without an answer of the mirror it stops before it needs one. Proposals that are no answer
    /// to what was asked are an error; what was not linked then is still pending.
    pub fn work_on_round(&mut self, proposals: Option<&[u8]>, max_work: u64) -> Result<Stage> {
        self.work_from(proposals.as_ref().map(|bytes| bytes as &dyn Source), max_work)
    }

    /// The same from a source.
    pub(crate) fn work_from(
        &mut self,
        proposals: Option<&dyn Source>,
        max_work: u64,
    ) -> Result<Stage> {
        self.detach_from_tombstones();
        let Some(mut rounds) = self.rounds.take() else { return Ok(Stage::Done) };
        let until = self.scratch.evaluations.saturating_add(max_work);
        let stage = match rounds.under_way.first_mut() {
            Some(round) => self.work_until(round, proposals, until),
            None => Ok(Stage::Done),
        };
        if stage != Ok(Stage::Own) && stage != Ok(Stage::Proposals) {
            let Rounds { under_way, taken, .. } = &mut rounds;
            for ended in under_way.drain(..under_way.len().min(1)) {
                ended.own.iter().chain(&ended.asked).for_each(|&slot| {
                    taken.remove(slot);
                });
            }
        }
        self.rounds = Some(rounds);
        stage
    }

    fn work_until(
        &mut self,
        round: &mut Round,
        proposals: Option<&dyn Source>,
        until: u64,
    ) -> Result<Stage> {
        while let Some(&slot) = round.own.get(round.own_done) {
            round.own_done += 1;
            if self.slots.pending().contains(slot) {
                self.insert(slot, Known::Nothing);
            }
            if self.scratch.evaluations >= until {
                return Ok(Stage::Own);
            }
        }
        let Some(source) = proposals else { return Ok(Stage::Proposals) };
        let mut input = Input::new(source, round.words);
        if round.asked_done == 0 && input.word() != Some(round.asked.len() as u32) {
            return Err(FOREIGN);
        }
        while let Some(&slot) = round.asked.get(round.asked_done) {
            let is_enough = self.read_proposal(&mut input, slot).ok_or(FOREIGN)?;
            round.asked_done += 1;
            round.words = input.position();
            if self.slots.pending().contains(slot) {
                // Another vector may be there by now.
                let is_same = !self.records.codes_written.followed().contains(slot);
                let is_twin = round.twins.contains(&slot);
                let holds = is_enough && is_same && !is_twin;
                self.insert(slot, if holds { Known::Links } else { Known::Nothing });
            }
            if self.scratch.evaluations >= until && round.asked_done < round.asked.len() {
                return Ok(Stage::Proposals);
            }
        }
        if input.has_ended() { Ok(Stage::Done) } else { Err(FOREIGN) }
    }

    /// A graph of nothing but tombstones is compacted before anyone is linked to it.
    fn detach_from_tombstones(&mut self) {
        if self.tombstones() > 0 && self.tombstones() == self.graph.linked().len() {
            self.detach_mirror();
        }
    }
}
