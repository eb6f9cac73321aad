//! The server itself: which message comes when, and who answers it.

use std::io::{self, Write};

use crate::Module;
use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::actions::{self, Asked};
use super::client::Client;
use super::documents::{Document, Documents};
use super::judges::Judges;
use super::modules::Modules;
use super::text::{Change, Encoding};
use super::wire::{self, Incoming};
use super::{diagnostics, hover, symbols, uri};
use crate::cli::settings::Choice;

/// Whether there is more to do after some messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    More,
    Exit,
}

/// How far a session is: it begins with `initialize` and ends with `shutdown`, and only then comes `exit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    Running,
    ShutDown,
}

/// What a request comes to.
type Answer = Result<Value, Refusal>;

/// Why there is no answer. The sentence holds nothing of what the client sent.
#[derive(Debug)]
pub(super) struct Refusal(ErrorCode, &'static str);

/// A session with one client.
#[derive(Debug)]
pub(super) struct Server<W> {
    output: W,
    phase: Phase,
    client: Client,
    documents: Documents,
    judges: Judges,
    modules: Modules,
    /// The folders that are open, by their URIs.
    folders: Vec<String>,
    /// What the client has been told about settings.
    complaints: Vec<String>,
    /// How many requests were sent to the client.
    asked: i32,
}

impl<W: Write> Server<W> {
    pub fn new(output: W, settings: Choice) -> Self {
        Self {
            output,
            phase: Phase::Waiting,
            client: Client::default(),
            documents: Documents::default(),
            judges: Judges::new(settings),
            modules: Modules::default(),
            folders: Vec::new(),
            complaints: Vec::new(),
            asked: 0,
        }
    }

    #[cfg(test)]
    pub fn output(&mut self) -> &mut W {
        &mut self.output
    }

    /// Whether the client has asked for the end.
    pub fn said_goodbye(&self) -> bool {
        self.phase == Phase::ShutDown
    }

    /// Takes what has come in, in its order, and then tells what is new.
    ///
    /// # Errors
    ///
    /// Those of the output: the client is gone.
    pub fn take(&mut self, all: Vec<Incoming>) -> io::Result<Next> {
        let cancelled = all.iter().filter_map(cancelled).collect::<Vec<_>>();
        for incoming in all {
            match incoming {
                Incoming::Broken(code, why) => wire::write_error(&mut self.output, code, why)?,
                Incoming::Message(Message::Request(request)) => {
                    let id = request.id.clone();
                    let answer = if cancelled.contains(&id) {
                        Err(Refusal(ErrorCode::RequestCanceled, "this was cancelled"))
                    } else {
                        self.answer(request)
                    };
                    self.reply(id, answer)?;
                }
                Incoming::Message(Message::Notification(notification)) if notification.method == "exit" => {
                    return Ok(Next::Exit);
                }
                Incoming::Message(Message::Notification(notification)) => self.note(notification)?,
                // That a file is watched, or a document shown.
                Incoming::Message(Message::Response(_)) => {}
            }
        }
        self.complain()?;
        self.publish()?;
        Ok(Next::More)
    }

    fn reply(&mut self, id: RequestId, answer: Answer) -> io::Result<()> {
        let response = match answer {
            Ok(value) => Response::new_ok(id, value),
            Err(Refusal(code, why)) => Response::new_err(id, code as i32, why.to_owned()),
        };
        wire::write(&mut self.output, &response.into())
    }

    fn answer(&mut self, request: Request) -> Answer {
        let Request { method, params, .. } = request;
        match (self.phase, method.as_str()) {
            (Phase::Waiting, "initialize") => Ok(self.initialize(&params)),
            (Phase::Waiting, _) => Err(Refusal(ErrorCode::ServerNotInitialized, "`initialize` comes first")),
            (Phase::ShutDown, _) => Err(Refusal(ErrorCode::InvalidRequest, "after `shutdown` comes `exit`")),
            (Phase::Running, "initialize") => Err(Refusal(ErrorCode::InvalidRequest, "`initialize` comes once")),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                Ok(Value::Null)
            }
            (Phase::Running, "textDocument/diagnostic") => answer(params, |params| self.diagnostics(&params)),
            (Phase::Running, "textDocument/codeAction") => answer(params, |params| self.actions(&params)),
            (Phase::Running, "textDocument/completion") => answer(params, |params| self.completions(&params)),
            (Phase::Running, "textDocument/documentSymbol") => answer(params, |params| self.symbols(&params)),
            (Phase::Running, "textDocument/hover") => answer(params, |params| self.hover(&params)),
            (Phase::Running, "workspace/executeCommand") => self.execute(params),
            (Phase::Running, _) => Err(Refusal(ErrorCode::MethodNotFound, "there is no such method here")),
        }
    }

    fn initialize(&mut self, params: &Value) -> Value {
        self.phase = Phase::Running;
        self.client = Client::of(params);
        self.folders = folders(params);
        self.judges.stand_in(&self.folders);
        let result = lsp::InitializeResult {
            capabilities: capabilities(&self.client),
            server_info: Some(lsp::ServerInfo {
                name: diagnostics::SOURCE.to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        };
        serde_json::to_value(result).unwrap_or_default()
    }

    fn note(&mut self, notification: Notification) -> io::Result<()> {
        if self.phase != Phase::Running {
            return Ok(());
        }
        let Notification { method, params } = notification;
        let taken = match method.as_str() {
            "initialized" => {
                self.watch()?;
                Some(Taken::Well)
            }
            "textDocument/didOpen" => understood(params).map(|Open { text_document: opened }| self.open(opened)),
            "textDocument/didChange" => understood(params).map(|changed| self.change(changed)),
            "textDocument/didClose" => match understood(params) {
                Some(lsp::DidCloseTextDocumentParams { text_document }) => Some(self.close(&text_document.uri.0)?),
                None => None,
            },
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                let is_about = |is_meant: &dyn Fn(&str) -> bool| {
                    let of_change = |change: &Value| change["uri"].as_str().is_some_and(is_meant);
                    of_change(&params["textDocument"])
                        || params["changes"].as_array().is_some_and(|all| all.iter().any(of_change))
                };
                // Whatever else was saved says nothing about documents that are open.
                if is_about(&|uri| uri::name_of(uri).ends_with(self.judges.settings_name())) {
                    self.judge_anew()?;
                }
                if is_about(&|uri| Module::has(&uri::name_of(uri))) {
                    self.put_together_anew()?;
                }
                Some(Taken::Well)
            }
            "workspace/didChangeWorkspaceFolders" => match understood(params) {
                Some(lsp::DidChangeWorkspaceFoldersParams { event }) => {
                    self.folders.retain(|folder| event.removed.iter().all(|gone| gone.uri.0 != *folder));
                    self.folders.extend(event.added.into_iter().map(|new| new.uri.0));
                    self.judges.stand_in(&self.folders);
                    self.judge_anew()?;
                    Some(Taken::Well)
                }
                None => None,
            },
            // What the protocol lets clients send, and what nobody asked for.
            _ => Some(Taken::Well),
        };
        match taken.unwrap_or(Taken::Badly("these are not the parameters of this notification")) {
            Taken::Well => Ok(()),
            Taken::Badly(why) => {
                let message = lsp::LogMessageParams { kind: lsp::MessageType::Warning, message: why.to_owned() };
                self.tell::<lsp::LogMessageNotification>(&message)
            }
        }
    }

    /// Asks the client to tell when settings change.
    fn watch(&mut self) -> io::Result<()> {
        if !self.client.watches {
            return Ok(());
        }
        let registration = lsp::Registration {
            id: "settings".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(json!({ "watchers": [
                { "globPattern": format!("**/{}", self.judges.settings_name()) },
                { "globPattern": "**/*.{tf,tofu,tfvars,tf.json,tofu.json,tfvars.json}" },
            ] })),
        };
        self.ask::<lsp::RegistrationRequest>(&lsp::RegistrationParams { registrations: vec![registration] })
    }

    /// Reads all settings anew, and has all documents judged by them.
    fn judge_anew(&mut self) -> io::Result<()> {
        self.judges.forget();
        self.complaints.clear();
        for document in self.documents.iter() {
            document.is_judged_by(self.judges.of(&document.uri));
        }
        self.refresh()
    }

    /// Has a client that asks for findings ask again.
    fn refresh(&mut self) -> io::Result<()> {
        let has_to_ask_again = self.client.pulls && self.client.refreshes;
        if has_to_ask_again { self.ask::<lsp::DiagnosticRefreshRequest>(&()) } else { Ok(()) }
    }

    /// Reads the other files of all modules anew.
    fn put_together_anew(&mut self) -> io::Result<()> {
        self.modules.forget();
        let uris = self.documents.iter().map(|document| document.uri.clone()).collect::<Vec<_>>();
        for uri in &uris {
            self.put_together(uri);
        }
        self.refresh()
    }

    /// Puts the documents of a Terraform module together, of which one has changed: what one declares, others use.
    fn put_together(&mut self, uri: &str) {
        let name = uri::name_of(uri);
        if !Module::has(&name) {
            return;
        }
        let folder = Module::folder_of(&name);
        let is_near = |document: &Document| Module::folder_of(&uri::name_of(&document.uri)) == folder;
        let near = self.documents.iter().filter(|document| is_near(document));
        let open = near.filter_map(|document| document.as_file_of_module()).collect::<Vec<_>>();
        // Most files of Terraform are about something else.
        if !open.iter().any(|source| source.text().contains("mongodbatlas_stream")) {
            return;
        }
        let module = self.modules.of(uri, &open);
        for document in self.documents.iter().filter(|document| is_near(document)) {
            if document.as_file_of_module().is_some() {
                document.is_file_of(module.clone());
            }
        }
    }

    /// Tells once what is wrong with settings.
    fn complain(&mut self) -> io::Result<()> {
        let complaints = self.documents.iter().filter_map(|document| document.complaint().map(str::to_owned));
        for complaint in complaints.collect::<std::collections::BTreeSet<_>>() {
            if !self.complaints.contains(&complaint) {
                let message = format!("{complaint}; nothing is linted by half of what was asked for");
                self.complaints.push(complaint);
                let params = lsp::ShowMessageParams { kind: lsp::MessageType::Error, message };
                self.tell::<lsp::ShowMessageNotification>(&params)?;
            }
        }
        Ok(())
    }

    fn open(&mut self, opened: Opened) -> Taken {
        let Opened { uri, language_id, version, text } = opened;
        let judge = self.judges.of(&uri);
        let document = Document::new(uri.clone(), &language_id, version, text, &self.client, judge);
        let before = self.documents.open(document);
        self.put_together(&uri);
        match before {
            None => Taken::Well,
            Some(_) => Taken::Badly("a document was opened twice; the second text counts"),
        }
    }

    fn change(&mut self, changed: Changed) -> Taken {
        match self.documents.get(&changed.text_document.uri) {
            None => Taken::Badly("a document that is not open was changed"),
            Some(document) => {
                document.change(changed.text_document.version.unwrap_or(document.version), changed.content_changes);
                self.put_together(&changed.text_document.uri);
                Taken::Well
            }
        }
    }

    fn close(&mut self, uri: &str) -> io::Result<Taken> {
        if self.documents.close(uri).is_none() {
            return Ok(Taken::Badly("a document that is not open was closed"));
        }
        // What was not saved is gone.
        self.modules.forget();
        self.put_together(uri);
        if !self.client.pulls {
            let uri = lsp::Uri(uri.to_owned());
            let nothing = lsp::PublishDiagnosticsParams { uri, version: None, diagnostics: Vec::new() };
            self.tell::<lsp::PublishDiagnosticsNotification>(&nothing)?;
        }
        Ok(Taken::Well)
    }

    /// Sends the findings of every document that has changed, unless the client asks for them by itself.
    fn publish(&mut self) -> io::Result<()> {
        if self.client.pulls || self.phase != Phase::Running {
            return Ok(());
        }
        let mut news = Vec::new();
        for document in self.documents.iter().filter(|document| document.is_news) {
            document.is_news = false;
            news.push(lsp::PublishDiagnosticsParams {
                uri: lsp::Uri(document.uri.clone()),
                version: Some(document.version),
                diagnostics: document.diagnostics(&self.client),
            });
        }
        news.iter().try_for_each(|news| self.tell::<lsp::PublishDiagnosticsNotification>(news))
    }

    fn tell<N: lsp::Notification>(&mut self, params: &N::Params) -> io::Result<()> {
        let notification = Notification { method: N::METHOD.to_string(), params: json!(params) };
        wire::write(&mut self.output, &notification.into())
    }

    fn diagnostics(&mut self, params: &lsp::DocumentDiagnosticParams) -> lsp::DocumentDiagnosticReport {
        let Some(document) = self.documents.get(&params.text_document.uri.0) else {
            return full(None, Vec::new()).into();
        };
        let id = document.revision.to_string();
        if params.previous_result_id.as_ref() == Some(&id) && !document.is_news {
            let unchanged_document_diagnostic_report = lsp::UnchangedDocumentDiagnosticReport { result_id: id };
            let report = lsp::RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report,
            };
            return report.into();
        }
        document.is_news = false;
        full(Some(id), document.diagnostics(&self.client)).into()
    }

    fn actions(&mut self, params: &actions::Params) -> Option<Vec<lsp::CodeActionResponse>> {
        let document = self.documents.get(&params.text_document.uri.0)?;
        Some(Asked { report: document.report()?, document, client: &self.client, params }.actions())
    }

    fn hover(&mut self, params: &lsp::HoverParams) -> Option<lsp::Hover> {
        let lsp::TextDocumentPositionParams { text_document, position } = &params.text_document_position_params;
        let document = self.documents.get(&text_document.uri.0)?;
        hover::at(document.guess()?, document.text().offset(*position).0, document.text(), &self.client)
    }

    fn completions(&mut self, params: &lsp::CompletionParams) -> Option<lsp::CompletionResponse> {
        let lsp::TextDocumentPositionParams { text_document, position } = &params.text_document_position_params;
        let document = self.documents.get(&text_document.uri.0)?;
        document.completions(document.text().offset(*position).0, &self.client).map(Into::into)
    }

    fn symbols(&mut self, params: &lsp::DocumentSymbolParams) -> Option<lsp::DocumentSymbolResponse> {
        let document = self.documents.get(&params.text_document.uri.0)?;
        Some(symbols::all(document.report()?, &document.uri, document.text(), &self.client))
    }

    /// Shows a rule's page: in the browser where the client can open one there, else as the answer and in a few words.
    fn execute(&mut self, params: Value) -> Answer {
        let unknown = Refusal(ErrorCode::InvalidParams, "there is no such command");
        let params: lsp::ExecuteCommandParams = understood(params).ok_or(unknown)?;
        let argument = params.arguments.as_deref().and_then(|arguments| arguments.first()?.as_str());
        let rule = argument.and_then(crate::rule).filter(|_| params.command == actions::EXPLAIN);
        let Some(rule) = rule else {
            return Err(Refusal(ErrorCode::InvalidParams, "this command wants the name of a rule"));
        };
        let told = if self.client.shows_documents {
            let uri = lsp::Uri(rule.url());
            let external = Some(true);
            self.ask::<lsp::ShowDocumentRequest>(&lsp::ShowDocumentParams {
                uri,
                external,
                take_focus: None,
                selection: None,
            })
        } else {
            let message = format!("{}: {} ({})", rule.name, rule.summary, rule.url());
            self.tell::<lsp::ShowMessageNotification>(&lsp::ShowMessageParams { kind: lsp::MessageType::Info, message })
        };
        told.map_err(|_| Refusal(ErrorCode::InternalError, "the client is gone"))?;
        Ok(rule.page().into())
    }

    /// Sends a request to the client; nothing waits for its answer.
    fn ask<R: lsp::Request>(&mut self, params: &R::Params) -> io::Result<()> {
        self.asked += 1;
        let request = Request { id: self.asked.into(), method: R::METHOD.to_string(), params: json!(params) };
        wire::write(&mut self.output, &request.into())
    }
}

/// Answers a request, if its parameters are what they should be.
fn answer<P: DeserializeOwned, T: Serialize>(params: Value, answer: impl FnOnce(P) -> T) -> Answer {
    let Some(params) = understood(params) else {
        return Err(Refusal(ErrorCode::InvalidParams, "these are not the parameters of this method"));
    };
    serde_json::to_value(answer(params)).map_err(|_| Refusal(ErrorCode::InternalError, "the answer cannot be written"))
}

/// What became of a notification, which nobody answers.
enum Taken {
    Well,
    /// Why it was left at that, for the client's log.
    Badly(&'static str),
}

/// Of a request that was cancelled before it was looked at: its id.
fn cancelled(incoming: &Incoming) -> Option<RequestId> {
    match incoming {
        Incoming::Message(Message::Notification(notification)) if notification.method == "$/cancelRequest" => {
            serde_json::from_value(notification.params.get("id")?.clone()).ok()
        }
        _ => None,
    }
}

/// The URIs of the folders that are open, as `initialize` says; clients of before 2017 know one at most.
fn folders(params: &Value) -> Vec<String> {
    let folders = params.get("workspaceFolders").and_then(Value::as_array);
    let uris = folders.into_iter().flatten().filter_map(|folder| folder.get("uri")?.as_str());
    let uris = uris.map(str::to_owned).collect::<Vec<_>>();
    let root = || params.get("rootUri").and_then(Value::as_str).map(str::to_owned);
    if uris.is_empty() { root().into_iter().collect() } else { uris }
}

/// Parameters of the shape they should have. Why they have not is not told: it would hold their text.
fn understood<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

fn full(result_id: Option<String>, items: Vec<lsp::Diagnostic>) -> lsp::RelatedFullDocumentDiagnosticReport {
    lsp::RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport { result_id, items },
    }
}

/// As the protocol has it, but for what clients get wrong: versions may be missing, and places may lie anywhere.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Open {
    text_document: Opened,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    uri: String,
    #[serde(default)]
    language_id: String,
    #[serde(default)]
    version: i32,
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    text_document: Versioned,
    content_changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
struct Versioned {
    uri: String,
    version: Option<i32>,
}

/// What the server can do for this client.
fn capabilities(client: &Client) -> lsp::ServerCapabilities {
    lsp::ServerCapabilities {
        position_encoding: Some(match client.encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(
            lsp::TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(lsp::TextDocumentSyncKind::Incremental),
                save: Some(true.into()),
                ..lsp::TextDocumentSyncOptions::default()
            }
            .into(),
        ),
        workspace: Some(lsp::WorkspaceOptions {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(true.into()),
            }),
            ..lsp::WorkspaceOptions::default()
        }),
        diagnostic_provider: client.pulls.then(|| {
            lsp::DiagnosticOptions {
                identifier: Some(diagnostics::SOURCE.to_owned()),
                // Those of a Terraform module.
                inter_file_dependencies: true,
                ..Default::default()
            }
            .into()
        }),
        code_action_provider: Some(
            lsp::CodeActionOptions {
                code_action_kinds: Some(vec![
                    lsp::CodeActionKind::QuickFix,
                    lsp::CodeActionKind::new(actions::FIX_ALL),
                ]),
                ..lsp::CodeActionOptions::default()
            }
            .into(),
        ),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some(["\"", ":", "="].map(str::to_owned).into()),
            ..lsp::CompletionOptions::default()
        }),
        document_symbol_provider: Some(true.into()),
        hover_provider: Some(true.into()),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: vec![actions::EXPLAIN.to_owned()],
            ..lsp::ExecuteCommandOptions::default()
        }),
        ..lsp::ServerCapabilities::default()
    }
}
