//! Tests of the output of components.

use super::*;

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn capture() -> (LogSink, Shared) {
    capture_as(LogFormat::Json)
}

fn capture_as(format: LogFormat) -> (LogSink, Shared) {
    let out = Shared::default();
    let target = LogTarget::Writer(Box::new(out.clone()));
    let sink = start((target, format), (LogTarget::Discard, format), None).unwrap();
    (sink, out)
}

#[tokio::test]
async fn lines_of_two_instances_are_never_mixed() {
    let (sink, out) = capture();
    let (one, two) = (sink.stream("one".into(), Channel::Stdout), sink.stream("one".into(), Channel::Stdout));
    one.0.write(b"first ");
    two.0.write(b"second ");
    one.0.write(b"half\n");
    two.0.write(b"half\nthird\n");
    sink.flush().await;
    let written = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
    assert_eq!(written, "first half\nsecond half\nthird\n");
}

#[tokio::test]
async fn each_json_line_is_readable_in_the_text_format() {
    let line = "{\"ts\":\"2026-11-28T23:28:33.180Z\",\"level\":\"info\",\"message\":\"started\"}\n";
    for (format, expected) in [
        (LogFormat::Json, format!("{line}plain\n{line}")),
        (LogFormat::Text { color: false }, {
            let readable = "23:28:33.180 INFO                started\n";
            format!("{readable}plain\n{readable}")
        }),
    ] {
        let (sink, out) = capture_as(format);
        sink.stream("one".into(), Channel::Stdout).0.write(format!("{line}plain\n{line}").as_bytes());
        sink.flush().await;
        assert_eq!(String::from_utf8(out.0.lock().unwrap().clone()).unwrap(), expected);
    }
}

#[tokio::test]
async fn an_unfinished_line_is_ended_when_its_instance_goes() {
    let (sink, out) = capture();
    sink.stream("one".into(), Channel::Stdout).0.write(b"cut");
    sink.flush().await;
    assert_eq!(*out.0.lock().unwrap(), b"cut\n");
}
