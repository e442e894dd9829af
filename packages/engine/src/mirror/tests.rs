//! What can only be seen from inside: whether owner and mirror hold the same.

use super::{Mirror, Stage};
use crate::graph::sieve::Sieve;
use crate::index::Index;
use crate::options::Options;

/// Components from -1 to 1.
fn vectors(count: usize, dimensions: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count * dimensions).map(|_| next()).collect()
}

/// How many nodes there are, after comparing all of them.
fn compare(owner: &Index, mirror: &Index) -> usize {
    assert!(owner.graph.linked().iter().eq(mirror.graph.linked().iter()));
    assert_eq!(owner.graph.entry(), mirror.graph.entry());
    assert_eq!(owner.graph.sieve(), mirror.graph.sieve());
    for slot in owner.graph.linked().iter() {
        assert!(owner.records.record_words(slot) == mirror.records.record_words(slot), "{slot:?}");
        for level in 0..=owner.graph.upper().level(slot) {
            let [ours, theirs] =
                [owner, mirror].map(|index| index.graph.row(&index.records, slot, level));
            assert!(ours == theirs, "{slot:?} on level {level}: {ours:?}, {theirs:?}");
        }
    }
    owner.graph.linked().len()
}

#[test]
fn before_each_round_owner_and_mirror_hold_the_same_graph() {
    for (dimensions, changes) in [(20, false), (130, true)] {
        let options = Options { exact_below: 0, m: 4, ..Options::new(dimensions as u32) };
        let options = Options { ef_construction: 16, ..options };
        let mut owner = Index::new(options).unwrap();
        let data = vectors(12_000, dimensions);
        owner.add(&data[..10_000 * dimensions]).unwrap();
        while !owner.build_for_mirror(u64::MAX).unwrap() {}
        owner.attach_mirror().unwrap();
        let mut mirror = Mirror::new(options).unwrap();
        let (mut nodes, mut rounds, mut added) = (0, 0, 10_000);
        loop {
            let mut asks = false;
            while let Some(message) = Some(owner.next_message().unwrap()).filter(|m| !m.is_empty())
            {
                asks = mirror.take(&message).unwrap();
            }
            if !asks {
                match owner.work_on_round(None, u64::MAX).unwrap() {
                    Stage::Own => continue,
                    stage => assert_eq!(stage, Stage::Done),
                }
                break;
            }
            nodes = compare(&owner, &mirror.index);
            let answer = mirror.link().unwrap();
            let linked = mirror.index.graph.linked().len() - nodes;
            if changes {
                // Slots that are being linked, some of which others then take.
                let gone: Vec<u32> =
                    mirror.asked.iter().step_by(9).map(|[slot, _]| slot.0).collect();
                owner.remove(&gone);
                let more = added..(added + gone.len() / 2).min(12_000);
                added = more.end;
                owner.add(&data[more.start * dimensions..more.end * dimensions]).unwrap();
            }
            assert_eq!(owner.work_on_round(Some(&answer), u64::MAX).unwrap(), Stage::Done);
            assert!(linked > 100 && owner.graph.linked().len() > nodes + linked);
            rounds += 1;
        }
        assert!(rounds > 3 && nodes > 8_192, "{rounds} {nodes}");
        owner.detach_mirror();
        owner.build_step(u64::MAX).unwrap();
        assert!(owner.pending() == 0 && Index::open(&owner.snapshot().unwrap()).is_ok());
    }
}

#[test]
fn the_sieve_is_measured_anew_when_an_answer_doubles_the_graph() {
    let options = Options { exact_below: 0, m: 4, ef_construction: 16, ..Options::new(130) };
    let mut owner = Index::new(options).unwrap();
    owner.add(&vectors(9_000, 130)).unwrap();
    // Of the 300 that are left in order the owner links half, and the mirror the other half.
    while owner.graph.linked().len() < 7_892 {
        owner.build_step(1).unwrap();
    }
    while !owner.build_for_mirror(1).unwrap() {}
    let (linked, entry) = (owner.graph.linked().clone(), owner.graph.entry());
    let earlier = Sieve::new(0.001);
    owner.graph.restore(linked, entry, earlier, false);
    owner.attach_mirror().unwrap();
    let mut mirror = Mirror::new(options).unwrap();
    while !mirror.take(&owner.next_message().unwrap()).unwrap() {}
    let answer = mirror.link().unwrap();
    assert_eq!(owner.work_on_round(None, u64::MAX).unwrap(), Stage::Answer);
    assert!(owner.graph.linked().len() < 8_192 && owner.graph.sieve() == earlier);
    assert_eq!(owner.work_on_round(Some(&answer), u64::MAX).unwrap(), Stage::Done);
    assert!(owner.graph.linked().len() >= 8_192 && owner.graph.sieve() != earlier);
}

#[test]
fn no_mirror_is_attached_beside_a_compaction() {
    let options = Options { exact_below: 0, m: 4, ef_construction: 16, ..Options::new(20) };
    let mut owner = Index::new(options).unwrap();
    owner.add(&vectors(2_000, 20)).unwrap();
    assert!(owner.build_step(u64::MAX).unwrap());
    owner.remove(&(0..200).collect::<Vec<_>>());
    assert!(!owner.compact(1).unwrap());
    owner.attach_mirror().unwrap();
    assert!(!owner.is_mirrored() && owner.next_message().unwrap().is_empty());
    assert_eq!(owner.work_on_round(None, u64::MAX), Ok(Stage::Done));
    while !owner.compact(u64::MAX).unwrap() {}
    owner.attach_mirror().unwrap();
    assert!(owner.is_mirrored());
}
