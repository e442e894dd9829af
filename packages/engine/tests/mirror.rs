//! A mirror in the same process: what the owner tells it, what it proposes, and what becomes of both.

mod support;

use akin_engine::{Index, Mirror, Options, Stage};
use support::{assert_valid, clustered, graph_options, recall};

/// Rounds as `js/` runs them: two under way, the answers in order.
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
    fn send(&mut self, index: &mut Index) {
        loop {
            let bytes = index.prepare_round().unwrap();
            if bytes == 0 {
                break;
            }
            self.messages.push_back(index.write_round(bytes).unwrap());
        }
    }

    /// What the mirror says to the next message that asks for something.
    fn answer(&mut self) -> Option<Vec<u8>> {
        while let Some(message) = self.messages.pop_front() {
            if self.mirror.take(&message).unwrap() {
                self.asked += 1;
                return Some(bytes(&self.mirror.propose().unwrap()));
            }
        }
        None
    }

    /// One round, and whether there was one.
    fn round(&mut self, index: &mut Index) -> bool {
        self.send(index);
        let Some(answer) = self.answer() else { return false };
        while index.work_on_round(None, self.max_work).unwrap() == Stage::Own {}
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

fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn pending(options: Options, vectors: &[Vec<f32>]) -> Index {
    let mut index = Index::new(options).unwrap();
    index.add(&vectors.concat()).unwrap();
    index
}

#[test]
fn a_graph_built_together_finds_as_much() {
    let data = clustered(71, 12_000, 48);
    let queries = clustered(71, 12_200, 48).split_off(12_000);
    let options = Options { ef_construction: 60, ef_search: 24, m: 8, ..graph_options(48) };
    let mut alone = pending(options, &data);
    alone.build_step(u64::MAX).unwrap();
    let mut together = pending(options, &data);
    let pair = Pair::attach(&mut together, u64::MAX);
    let rounds = pair.build(&mut together);
    assert!(rounds > 50, "{rounds}");
    assert_valid(&together);
    let (alone, together) = (recall(&mut alone, &queries), recall(&mut together, &queries));
    println!("{alone} {together} {rounds}");
    assert!(together > alone - 0.005, "{together}, alone {alone}");
}
