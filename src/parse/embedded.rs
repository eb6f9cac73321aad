//! Texts inside of other texts: the fenced blocks of Markdown, and the JSON in shell scripts.

#[cfg(feature = "shell")]
use super::marks::Marks;
use crate::text::Span;

/// A text inside of another one.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    pub span: Span,
    /// The extension of files with such a text.
    pub extension: &'static str,
    /// The text to parse, of the same length, where it is not what is written: it cannot be edited.
    pub instead: Option<String>,
    /// What a shell makes of it.
    #[cfg(feature = "shell")]
    pub marks: Marks,
    /// What sends it.
    #[cfg(feature = "shell")]
    pub body_of: Option<BodyOf>,
    /// The characters that cannot be written there.
    pub reserved: &'static [char],
}

/// The request that a text is the body of.
#[cfg(feature = "shell")]
#[derive(Debug)]
pub(crate) struct BodyOf {
    pub method: String,
    pub sender: Sender,
}

/// What sends a body.
#[cfg(feature = "shell")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sender {
    /// A request to a URL, if there is one.
    Request(Option<Span>),
    /// The Atlas CLI, with the values of its options, and whether the command has the name of the connection.
    Cli { project: Option<Span>, workspace: Option<Span>, is_named: bool },
}

impl Embedded {
    /// Moves it into a text that starts so many bytes before.
    pub fn move_by(&mut self, by: usize) {
        self.span = self.span.shifted(by);
        #[cfg(feature = "shell")]
        if let Some(BodyOf { sender, .. }) = &mut self.body_of {
            let spans = match sender {
                Sender::Request(target) => [target.as_mut(), None],
                Sender::Cli { project, workspace, .. } => [project.as_mut(), workspace.as_mut()],
            };
            spans.into_iter().flatten().for_each(|span| *span = span.shifted(by));
        }
    }
}
