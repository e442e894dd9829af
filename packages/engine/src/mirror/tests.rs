//! What can only be seen from inside: a round of one slot, in a graph that is up to date.

use super::Mirror;
use super::words::Input;
use crate::graph::insert::Known;
use crate::index::Index;
use crate::options::Options;

/// Components from -1 to 1.
fn vectors(count: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn proposals_that_are_not_behind_make_the_graph_that_inserting_makes() {
    for (dimensions, removed) in [(20, false), (130, false), (20, true)] {
        let options = Options { exact_below: 0, m: 4, ..Options::new(dimensions as u32) };
        let pending = || {
            let mut index = Index::new(options).unwrap();
            index.add(&vectors(1_400 * dimensions)).unwrap();
            while index.graph.linked().len() < 900 {
                index.build_step(1).unwrap();
            }
            if removed {
                index.remove(&(0..900).step_by(3).collect::<Vec<u32>>());
            }
            index
        };
        let mut alone = pending();
        alone.build_step(u64::MAX).unwrap();

        let mut owner = pending();
        owner.attach_mirror().unwrap();
        let mut mirror = Mirror::new(options).unwrap();
        while let Some(slot) = owner.slots.first_pending() {
            let counts = owner.count_changes(&[slot], usize::MAX);
            let mut message = vec![0; 4 * owner.changes_words(counts)];
            owner.write_changes(&[slot], counts, &mut message).unwrap();
            assert!(mirror.take(&message).unwrap());
            let answer: Vec<u8> =
                mirror.propose().unwrap().iter().flat_map(|word| word.to_le_bytes()).collect();
            let bytes = answer.as_slice();
            let mut input = Input::new(&bytes, 1);
            assert!(owner.read_proposal(&mut input, slot).unwrap(), "{slot:?}");
            owner.insert(slot, Known::Links);
        }
        assert!(owner.snapshot().unwrap() == alone.snapshot().unwrap());
    }
}

#[test]
fn links_to_what_was_removed_meanwhile_are_left_out() {
    let options = Options { exact_below: 0, m: 4, ..Options::new(20) };
    let mut owner = Index::new(options).unwrap();
    owner.add(&vectors(300 * 20)).unwrap();
    while owner.graph.linked().len() < 299 {
        owner.build_step(1).unwrap();
    }
    owner.attach_mirror().unwrap();
    let mut mirror = Mirror::new(options).unwrap();
    let slot = owner.slots.first_pending().unwrap();
    let counts = owner.count_changes(&[slot], usize::MAX);
    let mut message = vec![0; 4 * owner.changes_words(counts)];
    owner.write_changes(&[slot], counts, &mut message).unwrap();
    mirror.take(&message).unwrap();
    let answer: Vec<u8> =
        mirror.propose().unwrap().iter().flat_map(|word| word.to_le_bytes()).collect();
    let mut read = |gone: &[u32]| {
        owner.remove(gone);
        let is_enough = owner.read_proposal(&mut Input::new(&answer.as_slice(), 1), slot).unwrap();
        let links = owner.scratch.proposal.level(0);
        (is_enough, links.iter().map(|key| key.slot().0).collect::<Vec<_>>())
    };
    let (is_enough, links) = read(&[]);
    assert!(is_enough && links.len() > 3);
    assert_eq!(read(&links[..1]), (true, links[1..].to_vec()));
    assert_eq!(read(&links[..links.len() - 1]), (false, links[links.len() - 1..].to_vec()));
}
