//! A deserializer around another that holds JSON to the shape that a type has in our API: a struct is an object (serde by itself
//! takes an array of its fields as well), and an error says what is expected in words of JSON instead of Rust.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A deserializer whose structs are objects.
pub(super) struct Shaped<D>(pub(super) D);

/// What a visitor of the inner type is told, with the words for what it expects; `None` leaves them to the inner one.
struct ShapedVisitor<V> {
    inner: V,
    expected: Option<&'static str>,
}

/// The parts of a value, each shaped in turn.
struct Parts<A>(A);

/// What reads a part.
struct PartSeed<S>(S);

/// Hands a call on to the inner deserializer, with the words for what is expected.
macro_rules! expecting {
    ($($method:ident $expected:expr;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(ShapedVisitor { inner: visitor, expected: $expected })
        }
    )+};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Shaped<D> {
    type Error = D::Error;

    expecting! {
        deserialize_any None;
        deserialize_ignored_any None;
        deserialize_identifier None;
        deserialize_option None;
        deserialize_unit None;
        deserialize_bytes None;
        deserialize_byte_buf None;
        deserialize_char Some("a string of one character");
        deserialize_bool Some("true or false");
        deserialize_i8 Some("a whole number");
        deserialize_i16 Some("a whole number");
        deserialize_i32 Some("a whole number");
        deserialize_i64 Some("a whole number");
        deserialize_u8 Some("a whole number");
        deserialize_u16 Some("a whole number");
        deserialize_u32 Some("a whole number");
        deserialize_u64 Some("a whole number");
        deserialize_f32 Some("a number");
        deserialize_f64 Some("a number");
        deserialize_str Some("a string");
        deserialize_string Some("a string");
        deserialize_seq Some("an array");
        deserialize_map Some("an object");
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        // This is the point: a map is an object and nothing else.
        self.0.deserialize_map(ShapedVisitor { inner: visitor, expected: Some("an object") })
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit_struct(name, ShapedVisitor { inner: visitor, expected: None })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, ShapedVisitor { inner: visitor, expected: None })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(length, ShapedVisitor { inner: visitor, expected: Some("an array") })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple_struct(name, length, ShapedVisitor { inner: visitor, expected: Some("an array") })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, ShapedVisitor { inner: visitor, expected: None })
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

/// Hands a scalar on to the inner visitor. What that refuses is out of its range or of another type than expected.
macro_rules! scalars {
    ($($method:ident($type:ty);)+) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )+};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for ShapedVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.expected {
            Some(expected) => f.write_str(expected),
            None => self.inner.expecting(f),
        }
    }

    scalars! {
        visit_bool(bool);
        visit_i64(i64);
        visit_u64(u64);
        visit_f64(f64);
        visit_str(&str);
        visit_borrowed_str(&'de str);
        visit_string(String);
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Shaped(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Shaped(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, parts: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Parts(parts))
    }

    fn visit_map<A: MapAccess<'de>>(self, parts: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Parts(parts))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(variant)
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Parts<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(PartSeed(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Parts<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(PartSeed(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for PartSeed<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Shaped(deserializer))
    }
}
