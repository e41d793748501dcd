//! A generated catalog for load tests: any number of products, the same at each run. A smaller catalog is the start of a larger one.

use serde_json::{Value, json};

/// The number of different words.
pub const WORDS: usize = 20_000;

/// The most frequent words, which are those of shops. The other words are generated.
const COMMON: [&str; 80] = [
    "oak",
    "steel",
    "soft",
    "cotton",
    "classic",
    "white",
    "set",
    "handmade",
    "black",
    "light",
    "large",
    "linen",
    "small",
    "wool",
    "natural",
    "blue",
    "wooden",
    "round",
    "glass",
    "green",
    "table",
    "lamp",
    "outdoor",
    "leather",
    "grey",
    "ceramic",
    "folding",
    "bowl",
    "organic",
    "chair",
    "kitchen",
    "brass",
    "garden",
    "compact",
    "red",
    "travel",
    "blanket",
    "paper",
    "double",
    "bottle",
    "solid",
    "cushion",
    "bamboo",
    "winter",
    "mirror",
    "basket",
    "yellow",
    "stand",
    "heavy",
    "shelf",
    "knife",
    "summer",
    "copper",
    "waterproof",
    "towel",
    "brush",
    "walnut",
    "jacket",
    "cork",
    "candle",
    "notebook",
    "velvet",
    "slim",
    "jug",
    "marble",
    "canvas",
    "pocket",
    "clock",
    "vase",
    "tray",
    "enamel",
    "silk",
    "hook",
    "rug",
    "pencil",
    "teapot",
    "scarf",
    "lantern",
    "stool",
    "hammock",
];

/// The nouns of the categories, each in two departments.
const SECTIONS: [&str; 20] = [
    "lamps",
    "chairs",
    "tables",
    "rugs",
    "bedding",
    "towels",
    "knives",
    "pans",
    "glasses",
    "plates",
    "tools",
    "plants",
    "bags",
    "shoes",
    "shirts",
    "books",
    "toys",
    "bicycles",
    "tents",
    "instruments",
];
const DEPARTMENTS: [&str; 2] = ["new", "vintage"];

const COLOURS: [&str; 5] = ["black", "white", "red", "green", "blue"];

/// Returns the word of a rank, from 0 (the most frequent) to [`WORDS`].
pub fn word(rank: usize) -> String {
    if let Some(word) = COMMON.get(rank) {
        return (*word).to_owned();
    }
    // Odd and coprime to the number of words of three syllables, so that each rank has a different word, and neighbours are not similar.
    let mut code = (rank * 48_271) % SYLLABLES.pow(3);
    let mut word = String::with_capacity(6);
    for _ in 0..3 {
        let syllable = code % SYLLABLES;
        code /= SYLLABLES;
        word.push(char::from(CONSONANTS[syllable / VOWELS.len()]));
        word.push(char::from(VOWELS[syllable % VOWELS.len()]));
    }
    word
}

const CONSONANTS: [u8; 14] = *b"bdfgklmnprstvz";
const VOWELS: [u8; 5] = *b"aeiou";
const SYLLABLES: usize = CONSONANTS.len() * VOWELS.len();

/// A generator of products.
#[derive(Debug)]
pub struct ProductGenerator {
    /// The cumulative frequencies of the words by rank; the last is 1.
    cumulative: Vec<f64>,
}

impl Default for ProductGenerator {
    fn default() -> Self {
        Self::new()
    }
}

impl ProductGenerator {
    /// Returns the generator of all products.
    pub fn new() -> Self {
        // Zipf's law with Mandelbrot's offset, which makes the first words a little less frequent.
        let weights = (0..u32::try_from(WORDS).expect("there are few words")).map(|rank| 1.0 / (f64::from(rank) + 3.7));
        let mut sum = 0.0;
        let mut cumulative: Vec<f64> = weights
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        cumulative.iter_mut().for_each(|weight| *weight /= sum);
        Self { cumulative }
    }

    /// Returns the product `number` in the form of the import.
    pub fn product(&self, number: u32) -> Value {
        let mut rng = Rng(u64::from(number));
        let name = self.sentence(&mut rng, 3);
        let description = format!("{}. {}.", self.sentence(&mut rng, 10), self.sentence(&mut rng, 10));
        let section = rng.below(SECTIONS.len() * DEPARTMENTS.len());
        // Between 1 and 1,000 euros, with as many prices between 1 and 10 as between 100 and 1,000.
        let amount = (100.0 * 10_f64.powf(3.0 * rng.unit())).round();
        let on_hand = if rng.below(20) == 0 { 0 } else { 1 + rng.below(200) };
        json!({
            "sku": format!("BULK-{number:07}"),
            "name": name,
            "description": description,
            "price": {"amount": amount as i64, "currency": "EUR"},
            "category": format!("{}-{}", DEPARTMENTS[section % DEPARTMENTS.len()], SECTIONS[section / DEPARTMENTS.len()]),
            "attributes": {
                "colour": COLOURS[rng.below(COLOURS.len())],
                "weight_g": 50 + rng.below(5000),
                "fragile": rng.below(4) == 0,
            },
            "stock": {"on_hand": on_hand},
        })
    }

    /// Returns a sentence of `words` words.
    fn sentence(&self, rng: &mut Rng, words: usize) -> String {
        let mut text = String::new();
        for _ in 0..words {
            if !text.is_empty() {
                text.push(' ');
            }
            let unit = rng.unit();
            text.push_str(&word(self.cumulative.partition_point(|frequency| *frequency < unit).min(WORDS - 1)));
        }
        text[..1].make_ascii_uppercase();
        text
    }
}

/// SplitMix64: sufficiently random, and the same on every machine.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("less than the limit")
    }

    /// Returns a number between 0 and 1.
    fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).expect("32 bits are left")) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn every_rank_has_a_different_word() {
        assert_eq!((0..WORDS).map(word).collect::<HashSet<_>>().len(), WORDS);
    }

    #[test]
    fn a_product_is_always_the_same_and_differs_from_the_next() {
        let (one, other) = (ProductGenerator::new(), ProductGenerator::new());
        for number in 0..100 {
            assert_eq!(one.product(number), other.product(number));
            assert_ne!(one.product(number)["name"], one.product(number + 1)["name"]);
        }
    }

    #[test]
    fn some_words_are_common_and_most_are_rare() {
        let products = ProductGenerator::new();
        let mut frequencies = HashMap::<String, u32>::new();
        for number in 0..2000 {
            let product = products.product(number);
            let text = format!("{} {}", product["name"], product["description"]).to_lowercase();
            let words: HashSet<&str> = text.split(|letter: char| !letter.is_ascii_alphabetic()).collect();
            words
                .into_iter()
                .filter(|word| !word.is_empty())
                .for_each(|word| *frequencies.entry(word.to_owned()).or_default() += 1);
        }
        assert!((600..1400).contains(&frequencies["oak"]), "{}", frequencies["oak"]);
        assert!((100..500).contains(&frequencies["lamp"]), "{}", frequencies["lamp"]);
        let rare = frequencies.values().filter(|count| **count < 5).count();
        assert!(rare > frequencies.len() / 2, "{rare} of {}", frequencies.len());
    }

    #[test]
    fn there_are_forty_categories() {
        let products = ProductGenerator::new();
        let slugs: HashSet<String> =
            (0..2000).map(|number| products.product(number)["category"].as_str().unwrap().to_owned()).collect();
        assert_eq!(slugs.len(), 40);
    }
}
