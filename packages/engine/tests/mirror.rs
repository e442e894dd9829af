//! A mirror in the same process: what the owner tells it, what it answers, and what becomes of both.

mod support;

use akin_engine::{Index, Mirror, Options, Stage};
use support::hostile::mutate;
use support::{Random, assert_valid, clustered, graph_options, islands, missed, recall};

/// Rounds as `js/` runs them.
pub struct Pair {
    mirror: Mirror,
    messages: std::collections::VecDeque<Vec<u8>>,
    asked: usize,
    max_work: u64,
}

impl Pair {
    fn attach(index: &mut Index, max_work: u64) -> Self {
        while !index.build_for_mirror(max_work).unwrap() {}
        index.attach_mirror().unwrap();
        let mirror = Mirror::new(*index.options()).unwrap();
        Self { mirror, messages: Default::default(), asked: 0, max_work }
    }

    /// Sends what there is to be sent.
    fn tell(&mut self, index: &mut Index) {
        loop {
            let message = index.next_message().unwrap();
            if message.is_empty() {
                break;
            }
            self.messages.push_back(message);
        }
    }

    /// Does all there is to be done without an answer, and says whether one is waited for.
    fn send(&mut self, index: &mut Index) -> bool {
        loop {
            self.tell(index);
            match index.work_on_round(None, self.max_work).unwrap() {
                Stage::Own => {}
                stage => return stage == Stage::Answer,
            }
        }
    }

    /// What the mirror says to the next message that asks for something.
    fn answer(&mut self) -> Option<Vec<u8>> {
        while let Some(message) = self.messages.pop_front() {
            if self.mirror.take(&message).unwrap() {
                self.asked += 1;
                return Some(self.mirror.link().unwrap());
            }
        }
        None
    }

    /// One round, and whether there was one.
    fn round(&mut self, index: &mut Index) -> bool {
        if !self.send(index) {
            return false;
        }
        let answer = self.answer().unwrap();
        while index.work_on_round(Some(&answer), self.max_work).unwrap() != Stage::Done {}
        true
    }

    fn build(mut self, index: &mut Index) -> usize {
        while self.round(index) {}
        index.detach_mirror();
        assert!(index.build_step(u64::MAX).unwrap());
        self.asked
    }
}

fn pending(options: Options, vectors: &[Vec<f32>]) -> Index {
    let mut index = Index::new(options).unwrap();
    index.add(&vectors.concat()).unwrap();
    index
}

#[test]
fn a_graph_built_together_finds_as_much() {
    let data = clustered(71, 12_000, 48);
    let queries = clustered(71, 12_800, 48).split_off(12_000);
    let options = Options { ef_construction: 100, ef_search: 16, m: 12, ..graph_options(48) };
    let mut alone = pending(options, &data);
    alone.build_step(u64::MAX).unwrap();
    let mut together = pending(options, &data);
    let pair = Pair::attach(&mut together, u64::MAX);
    let rounds = pair.build(&mut together);
    assert!(rounds > 6, "{rounds}");
    assert_valid(&together);
    let (alone, together) = (recall(&mut alone, &queries), recall(&mut together, &queries));
    assert!(together > alone - 0.005, "{together}, alone {alone}");
}

/// Rounds begin before the copies in them are nodes, and proposals cannot know of those.
#[test]
fn copies_count_once_in_a_graph_built_together() {
    let data = clustered(74, 6_001, 32);
    let build = |together: bool| {
        let mut index = pending(graph_options(32), &data[..6_000]);
        index.build_step(u64::MAX).unwrap();
        index.add(&data[6_000].repeat(2_000)).unwrap();
        if together {
            assert!(Pair::attach(&mut index, u64::MAX).build(&mut index) > 1);
        }
        index.build_step(u64::MAX).unwrap();
        assert_valid(&index);
        // What hangs on another node holds one link, so that links tell how many do.
        index.statistics().links
    };
    let (alone, together) = (build(false), build(true));
    assert!(together.abs_diff(alone) < 100, "{together} links, alone {alone}");
}

/// A small graph of many levels, with enough pending for some rounds.
fn small() -> (Options, Vec<Vec<f32>>) {
    let options = Options { ef_construction: 16, m: 4, ..graph_options(20) };
    (options, clustered(72, 7_000, 20))
}

#[test]
fn slices_of_any_size_build_the_same_graph_together() {
    let (options, data) = small();
    let build = |max_work: u64| {
        let mut index = pending(options, &data);
        let pair = Pair::attach(&mut index, max_work);
        (pair.build(&mut index), index.snapshot().unwrap())
    };
    let at_once = build(u64::MAX);
    assert!(at_once.0 > 3);
    for max_work in [1, 777, 20_000] {
        assert!(build(max_work) == at_once, "steps of {max_work} built another graph");
    }
}

#[test]
fn what_follows_changes_is_some_bits_a_slot_and_is_given_back() {
    let (options, data) = small();
    let mut index = pending(options, &data);
    while !index.build_for_mirror(u64::MAX).unwrap() {}
    let before = index.memory_bytes();
    index.attach_mirror().unwrap();
    let bits = 8 * (index.memory_bytes() - before);
    assert!(bits > 0 && bits <= 4 * 7 * 1024, "{bits}");
    index.detach_mirror();
    assert_eq!(index.memory_bytes(), before);
}

#[test]
fn what_changes_while_proposals_are_on_their_way_is_not_overwritten() {
    let (options, data) = small();
    let mut index = pending(options, &data);
    let mut pair = Pair::attach(&mut index, u64::MAX);
    let more = clustered(73, 800, 20);
    let mut random = Random::new(5);
    let mut rounds = 0;
    // What lives in each slot.
    let mut alive: Vec<Option<Vec<f32>>> = data.iter().cloned().map(Some).collect();
    loop {
        if !pair.send(&mut index) {
            break;
        }
        let answer = pair.answer().unwrap();
        // Some leave for good: nodes, pending ones, and such as were asked for.
        let gone: Vec<u32> = (0..60).map(|_| random.below(alive.len()) as u32).collect();
        index.remove(&gone);
        gone.iter().for_each(|&slot| alive[slot as usize] = None);
        // Others take their places.
        let new = &more[rounds * 20 % 780..][..20];
        for (slot, vector) in index.add(&new.concat()).unwrap().into_iter().zip(new) {
            alive.resize(alive.len().max(slot as usize + 1), None);
            alive[slot as usize] = Some(vector.clone());
        }
        if rounds % 4 == 3 {
            // Someone builds by himself in between.
            index.build_step(1_000).unwrap();
        }
        while index.work_on_round(Some(&answer), 3_000).unwrap() != Stage::Done {}
        rounds += 1;
        if rounds > 40 {
            break;
        }
    }
    assert!(rounds > 4, "{rounds}");
    index.detach_mirror();
    index.build_step(u64::MAX).unwrap();
    assert_valid(&index);
    assert_eq!(index.pending(), 0);
    assert_eq!(index.len(), alive.iter().flatten().count());
    for (slot, vector) in alive.iter().enumerate() {
        assert_eq!(index.vector(slot as u32).unwrap().is_some(), vector.is_some());
    }
    let queries: Vec<_> = alive.iter().flatten().step_by(17).cloned().collect();
    assert!(recall(&mut index, &queries) > 0.9);
    index.compact(u64::MAX).unwrap();
    assert_valid(&index);
}

#[test]
fn a_compaction_ends_it_and_a_graph_of_tombstones_is_compacted_first() {
    let (options, data) = small();
    let mut index = pending(options, &data);
    let mut pair = Pair::attach(&mut index, u64::MAX);
    assert!(pair.round(&mut index));
    assert!(index.compact(u64::MAX).unwrap() && index.is_mirrored(), "nothing to compact");
    index.remove(&[1, 2, 3]);
    index.compact(1).unwrap();
    assert!(!index.is_mirrored());
    assert!(index.next_message().unwrap().is_empty());
    assert_eq!(index.work_on_round(Some(&[]), u64::MAX).unwrap(), Stage::Done);
    index.compact(u64::MAX).unwrap();
    index.build_step(u64::MAX).unwrap();
    assert_valid(&index);

    let mut index = pending(options, &data[..4_096]);
    index.build_step(u64::MAX).unwrap();
    index.add(&data[4_096..].concat()).unwrap();
    let mut pair = Pair::attach(&mut index, u64::MAX);
    pair.tell(&mut index);
    let answer = pair.answer().unwrap();
    index.remove(&(0..4_096).collect::<Vec<u32>>());
    assert_eq!(index.work_on_round(Some(&answer), u64::MAX).unwrap(), Stage::Done);
    assert!(!index.is_mirrored());
    index.build_step(u64::MAX).unwrap();
    assert_valid(&index);
    assert_eq!((index.len(), index.pending()), (data.len() - 4_096, 0));
}

#[test]
fn a_graph_that_is_there_already_reaches_the_mirror_in_pieces() {
    let (options, data) = small();
    let mut index = pending(options, &data[..5_000]);
    index.build_step(u64::MAX).unwrap();
    index.remove(&[3, 4]);
    index.add(&data[5_000..].concat()).unwrap();
    let mut pair = Pair::attach(&mut index, u64::MAX);
    pair.tell(&mut index);
    assert_eq!(pair.messages.len(), 2);
    assert!(pair.messages.iter().all(|message| message.len() < 1 << 20));
    assert!(pair.build(&mut index) > 1);
    assert_valid(&index);
}

/// Messages that someone has changed: all are refused, or are as good as others would be.
#[test]
fn hostile_messages_are_errors() {
    let (options, data) = small();
    let mut index = pending(options, &data);
    let mut pair = Pair::attach(&mut index, u64::MAX);
    let snapshot = index.snapshot().unwrap();
    pair.tell(&mut index);
    let messages: Vec<_> = pair.messages.iter().cloned().collect();
    let answer = pair.answer().unwrap();
    let (mut taken, mut refused, mut random) = (0, 0, Random::new(11));
    for run in 0..if support::long() { 20_000 } else { 600 } {
        let mut mirror = Mirror::new(options).unwrap();
        for message in &messages {
            let mut message = message.clone();
            if run > 0 && random.below(messages.len()) < 2 {
                mutate(&mut random, &mut message, &answer);
            }
            match mirror.take(&message) {
                Ok(asked) => {
                    taken += 1;
                    if asked {
                        mirror.link().unwrap();
                    }
                }
                Err(error) => {
                    assert!(run > 0 && error.code() == "mirror-lost", "{error}");
                    assert!(mirror.link().is_err() && mirror.take(&messages[0]).is_err());
                    refused += 1;
                    break;
                }
            }
        }
    }
    assert!(taken > 100 && refused > 100, "{taken} {refused}");

    let (mut taken, mut refused) = (0, 0);
    for _ in 0..if support::long() { 3_000 } else { 150 } {
        let mut index = Index::open(&snapshot).unwrap();
        let mut pair = Pair::attach(&mut index, u64::MAX);
        pair.tell(&mut index);
        let mut answer = answer.clone();
        mutate(&mut random, &mut answer, &messages[0]);
        match index.work_on_round(Some(&answer), u64::MAX) {
            Ok(stage) => {
                assert_eq!(stage, Stage::Done);
                taken += 1;
            }
            Err(error) => {
                assert_eq!(error.code(), "mirror-lost");
                refused += 1;
            }
        }
        index.detach_mirror();
        index.build_step(u64::MAX).unwrap();
        assert_valid(&index);
    }
    assert!(taken > 2 && refused > 5, "{taken} {refused}");
}

#[test]
fn a_slot_that_changes_hands_meanwhile_does_not_get_the_links_of_another() {
    let options = Options { m: 8, ef_construction: 40, ..graph_options(24) };
    let data = islands(75, 6_500, 24);
    let mut index = pending(options, &data[..5_300]);
    let mut pair = Pair::attach(&mut index, u64::MAX);
    pair.tell(&mut index);
    let answer = pair.answer().unwrap();
    let waiting: Vec<u32> = (4_096..5_300).collect();
    index.remove(&waiting);
    index.add(&data[5_300..].concat()).unwrap();
    assert_eq!(index.work_on_round(Some(&answer), u64::MAX).unwrap(), Stage::Done);
    assert!(pair.build(&mut index) > 2);
    assert_valid(&index);
    // Hundreds if they did.
    let missed = missed(&mut index);
    assert!(missed <= 40, "{missed} missed");
}

#[test]
fn what_was_removed_before_it_was_linked_never_is() {
    let (options, data) = small();
    let mut index = pending(options, &data[..4_096]);
    index.build_step(u64::MAX).unwrap();
    index.add(&data[4_096..].concat()).unwrap();
    let mut pair = Pair::attach(&mut index, u64::MAX);
    pair.tell(&mut index);
    let answer = pair.answer().unwrap();
    index.remove(&(4_096..7_000).collect::<Vec<u32>>());
    assert_eq!(index.work_on_round(Some(&answer), u64::MAX).unwrap(), Stage::Done);
    assert_eq!((index.len(), index.pending(), index.tombstones()), (4_096, 0, 0));
    assert_valid(&index);
}
