//! Texts inside other texts: the fenced blocks of Markdown, and the JSON in shell scripts.

#[cfg(feature = "shell")]
use super::marks::Marks;
use crate::text::Span;

/// A text inside another one.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    pub span: Span,
    /// The file extension of its syntax.
    pub extension: &'static str,
    /// The text to parse, of the same length, if it is not the original text: it cannot be edited.
    pub instead: Option<String>,
    /// The shell's changes of the text.
    #[cfg(feature = "shell")]
    pub marks: Marks,
    /// The request or command that sends it.
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

/// The sender of a body.
#[cfg(feature = "shell")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sender {
    /// A request to a URL, if there is one.
    Request(Option<Span>),
    /// The Atlas CLI, with the values of its options, and whether the command sets the name of the connection.
    Cli { project: Option<Span>, workspace: Option<Span>, is_named: bool },
}

impl Embedded {
    /// Shifts it into a text that starts this number of bytes before.
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
