//! A catalog for load: as many products as are asked for, always the same ones. A smaller set is the beginning of a larger one.

use serde_json::{Value, json};

/// How many different words there are.
pub const WORDS: usize = 20_000;

/// The most frequent words, as shops have them. The rest is made up.
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

/// The categories: a noun of a shop in two departments each.
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

/// The word of a rank, from 0 (the most frequent) to [`WORDS`].
pub fn word(rank: usize) -> String {
    if let Some(word) = COMMON.get(rank) {
        return (*word).to_owned();
    }
    // Odd and prime to the number of words of three syllables: each rank has a word of its own, and its neighbours look nothing like it.
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

/// Makes products.
#[derive(Debug)]
pub struct Products {
    /// For each rank, how often one of the words up to it comes up; the last is 1.
    up_to: Vec<f64>,
}

impl Default for Products {
    fn default() -> Self {
        Self::new()
    }
}

impl Products {
    /// The maker of all products.
    pub fn new() -> Self {
        // Zipf's law with Mandelbrot's offset: the first words are not quite as frequent as his would be.
        let weights = (0..u32::try_from(WORDS).expect("there are few words")).map(|rank| 1.0 / (f64::from(rank) + 3.7));
        let mut sum = 0.0;
        let mut up_to: Vec<f64> = weights
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        up_to.iter_mut().for_each(|weight| *weight /= sum);
        Self { up_to }
    }

    /// The product `number` as the import takes it.
    pub fn product(&self, number: u32) -> Value {
        let mut random = Random(u64::from(number));
        let name = self.sentence(&mut random, 3);
        let description = format!("{}. {}.", self.sentence(&mut random, 10), self.sentence(&mut random, 10));
        let section = random.below(SECTIONS.len() * DEPARTMENTS.len());
        // From 1 to 1,000 euros, as many between 1 and 10 as between 100 and 1,000.
        let amount = (100.0 * 10_f64.powf(3.0 * random.unit())).round();
        let quantity = if random.below(20) == 0 { 0 } else { 1 + random.below(200) };
        json!({
            "sku": format!("BULK-{number:07}"),
            "name": name,
            "description": description,
            "price": {"amount": amount as i64, "currency": "EUR"},
            "category": format!("{}-{}", DEPARTMENTS[section % DEPARTMENTS.len()], SECTIONS[section / DEPARTMENTS.len()]),
            "attributes": {
                "colour": COLOURS[random.below(COLOURS.len())],
                "weight_g": 50 + random.below(5000),
                "fragile": random.below(4) == 0,
            },
            "stock": {"quantity": quantity},
        })
    }

    /// Words, the first with a capital.
    fn sentence(&self, random: &mut Random, words: usize) -> String {
        let mut text = String::new();
        for _ in 0..words {
            if !text.is_empty() {
                text.push(' ');
            }
            let unit = random.unit();
            text.push_str(&word(self.up_to.partition_point(|up_to| *up_to < unit).min(WORDS - 1)));
        }
        text[..1].make_ascii_uppercase();
        text
    }
}

/// SplitMix64: good enough to look at random, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("less than the limit")
    }

    /// From 0 to 1.
    fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).expect("32 bits are left")) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn every_rank_has_a_word_of_its_own() {
        assert_eq!((0..WORDS).map(word).collect::<HashSet<_>>().len(), WORDS);
    }

    #[test]
    fn a_product_is_always_the_same_and_none_is_like_the_next() {
        let (one, other) = (Products::new(), Products::new());
        for number in 0..100 {
            assert_eq!(one.product(number), other.product(number));
            assert_ne!(one.product(number)["name"], one.product(number + 1)["name"]);
        }
    }

    #[test]
    fn some_words_are_common_and_most_are_rare() {
        let products = Products::new();
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
        let products = Products::new();
        let slugs: HashSet<String> =
            (0..2000).map(|number| products.product(number)["category"].as_str().unwrap().to_owned()).collect();
        assert_eq!(slugs.len(), 40);
    }
}
