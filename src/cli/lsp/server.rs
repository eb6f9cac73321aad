//! The state of a session, and the dispatch of its messages.

use std::collections::BTreeSet;

use crate::{Module, RuleRef};
use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::actions::{self, CodeActions};
use super::client::Client;
use super::configs::Configs;
use super::documents::{Document, Documents};
use super::modules::Modules;
use super::text::Change;
use super::{capabilities, diagnostics, hover, symbols, uri};
use crate::settings::finder::Choice;
use crate::text::TERRAFORM;

const INVALID_PARAMS: &str = "invalid parameters";

/// The phase of a session, in the protocol's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Uninitialized,
    Running,
    ShutDown,
}

/// A session with one client.
#[derive(Debug)]
pub(super) struct Server {
    phase: Phase,
    client: Client,
    documents: Documents,
    configs: Configs,
    modules: Modules,
    /// The URIs of the open folders.
    folders: Vec<String>,
    /// The errors in settings that the client has been shown.
    shown_errors: BTreeSet<String>,
    /// The number of requests to the client.
    requests: i32,
    outgoing: Vec<Message>,
}

impl Server {
    pub fn new(settings: Choice) -> Self {
        Self {
            phase: Phase::Uninitialized,
            client: Client::default(),
            documents: Documents::default(),
            configs: Configs::new(settings),
            modules: Modules::default(),
            folders: Vec::new(),
            shown_errors: BTreeSet::new(),
            requests: 0,
            outgoing: Vec::new(),
        }
    }

    /// Whether the client has sent `shutdown`.
    #[cfg(not(target_family = "wasm"))]
    pub fn is_shut_down(&self) -> bool {
        self.phase == Phase::ShutDown
    }

    /// Handles messages in their order, and then publishes what has changed. Returns the messages to the client.
    pub fn handle(&mut self, messages: Vec<Message>) -> Vec<Message> {
        let canceled = messages.iter().filter_map(canceled_id).collect::<Vec<_>>();
        for message in messages {
            match message {
                Message::Request(request) => {
                    let id = request.id.clone();
                    let response_result = if canceled.contains(&id) {
                        Err(error(ErrorCode::RequestCanceled, "canceled by the client"))
                    } else {
                        self.handle_request(request)
                    };
                    self.outgoing.push(Response { id, response_result }.into());
                }
                Message::Notification(notification) if self.phase == Phase::Running => {
                    let method = notification.method.clone();
                    if let Err(reason) = self.handle_notification(notification) {
                        self.notify::<lsp::LogMessageNotification>(&lsp::LogMessageParams {
                            kind: lsp::MessageType::Warning,
                            message: format!("{method}: {reason}"),
                        });
                    }
                }
                // Notifications outside of a running session are ignored, and so are responses: they only confirm.
                Message::Notification(_) | Message::Response(_) => {}
            }
        }
        if self.phase == Phase::Running {
            self.show_settings_errors();
            self.publish_diagnostics();
        }
        std::mem::take(&mut self.outgoing)
    }

    fn handle_request(&mut self, Request { method, params, .. }: Request) -> Result<Value, ResponseError> {
        match (self.phase, method.as_str()) {
            (Phase::Uninitialized, "initialize") => Ok(self.initialize(&params)),
            (Phase::Uninitialized, _) => Err(error(ErrorCode::ServerNotInitialized, "expected `initialize` first")),
            (Phase::ShutDown, _) => Err(error(ErrorCode::InvalidRequest, "expected `exit` after `shutdown`")),
            (Phase::Running, "initialize") => Err(error(ErrorCode::InvalidRequest, "`initialize` was sent twice")),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                Ok(Value::Null)
            }
            (Phase::Running, "textDocument/diagnostic") => Ok(self.diagnostics(&request_params(params)?)),
            (Phase::Running, "textDocument/codeAction") => respond(self.code_actions(&request_params(params)?)),
            (Phase::Running, "textDocument/completion") => respond(self.completions(&request_params(params)?)),
            (Phase::Running, "textDocument/documentSymbol") => respond(self.symbols(&request_params(params)?)),
            (Phase::Running, "textDocument/hover") => respond(self.hover(&request_params(params)?)),
            (Phase::Running, "workspace/executeCommand") => self.execute_command(request_params(params)?),
            (Phase::Running, _) => Err(error(ErrorCode::MethodNotFound, "unknown method")),
        }
    }

    /// Handles a notification. The error is a sentence for the client's log.
    fn handle_notification(&mut self, Notification { method, params }: Notification) -> Result<(), &'static str> {
        match method.as_str() {
            "initialized" => self.watch_files(),
            "textDocument/didOpen" => self.open(notification_params(params)?)?,
            "textDocument/didChange" => self.change(notification_params(params)?)?,
            "textDocument/didClose" => self.close(&notification_params(params)?)?,
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.reload_files(&params),
            "workspace/didChangeWorkspaceFolders" => self.change_folders(notification_params(params)?),
            // Clients may send notifications that the server has not asked for.
            _ => {}
        }
        Ok(())
    }

    fn initialize(&mut self, params: &Value) -> Value {
        self.phase = Phase::Running;
        self.client = Client::new(params);
        self.folders = folders(params);
        self.configs.set_folders(&self.folders);
        json!({
            "capabilities": capabilities::of_server(&self.client),
            "serverInfo": { "name": diagnostics::SOURCE, "version": env!("CARGO_PKG_VERSION") },
        })
    }

    /// Asks the client to report changes of settings and of Terraform's files.
    fn watch_files(&mut self) {
        if !self.client.watches {
            return;
        }
        let registration = lsp::Registration {
            id: "settings".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(json!({ "watchers": [
                { "globPattern": format!("**/{}", self.configs.settings_name()) },
                { "globPattern": format!("**/*.{{{},{}.json}}", TERRAFORM.join(","), TERRAFORM.join(".json,")) },
                // The schemas of policies.
                { "globPattern": "**/*.{json,jsonc,yaml,yml}" },
            ] })),
        };
        self.request::<lsp::RegistrationRequest>(&lsp::RegistrationParams { registrations: vec![registration] });
    }

    /// Reads settings and modules again if one of the files that were saved or changed belongs to them.
    fn reload_files(&mut self, params: &Value) {
        let changes = params["changes"].as_array().into_iter().flatten();
        let files = changes.chain([&params["textDocument"]]).filter_map(|file| file["uri"].as_str());
        let uris = files.collect::<Vec<_>>();
        let names = uris.iter().map(|uri| uri::name_of(uri)).collect::<Vec<_>>();
        let is_policy = uris.iter().any(|uri| self.configs.is_policy(uri));
        if is_policy || names.iter().any(|name| name.ends_with(self.configs.settings_name())) {
            self.reload_settings();
        }
        if names.iter().any(|name| Module::has(name)) {
            self.reload_modules();
        }
    }

    fn reload_settings(&mut self) {
        self.configs.reload();
        self.shown_errors.clear();
        for document in self.documents.iter() {
            document.set_config(self.configs.of(&document.uri));
        }
        self.refresh_diagnostics();
    }

    fn reload_modules(&mut self) {
        self.modules.forget();
        let uris = self.documents.iter().map(|document| document.uri.clone()).collect::<Vec<_>>();
        for uri in &uris {
            self.update_module(uri);
        }
        self.refresh_diagnostics();
    }

    fn change_folders(&mut self, params: lsp::DidChangeWorkspaceFoldersParams) {
        let lsp::WorkspaceFoldersChangeEvent { added, removed } = params.event;
        self.folders.retain(|folder| removed.iter().all(|removed| removed.uri.0 != *folder));
        self.folders.extend(added.into_iter().map(|folder| folder.uri.0));
        self.configs.set_folders(&self.folders);
        self.reload_settings();
    }

    /// Updates the module of all open documents in the folder of this one, because they use each other's declarations.
    fn update_module(&mut self, uri: &str) {
        let name = uri::name_of(uri);
        if !Module::has(&name) {
            return;
        }
        let folder = Module::folder_of(&name);
        let is_in_folder = |document: &Document| Module::folder_of(&uri::name_of(&document.uri)) == folder;
        let in_folder = self.documents.iter().filter(|document| is_in_folder(document));
        let open = in_folder.filter_map(|document| document.module_source()).collect::<Vec<_>>();
        // Most Terraform files have nothing to do with connections.
        if !open.iter().any(|source| source.text().contains("mongodbatlas_stream")) {
            return;
        }
        let module = self.modules.of(uri, &open);
        for document in self.documents.iter().filter(|document| is_in_folder(document)) {
            if document.module_source().is_some() {
                document.set_module(module.clone());
            }
        }
    }

    fn open(&mut self, DidOpen { text_document: opened }: DidOpen) -> Result<(), &'static str> {
        let config = self.configs.of(&opened.uri);
        let document =
            Document::new(opened.uri.clone(), &opened.language_id, opened.version, opened.text, &self.client, config);
        let replaced = self.documents.open(document);
        self.update_module(&opened.uri);
        if replaced.is_some() {
            Err("the document was already open; its new text replaces the old one")
        } else {
            Ok(())
        }
    }

    fn change(&mut self, DidChange { text_document, content_changes }: DidChange) -> Result<(), &'static str> {
        let document = self.documents.get(&text_document.uri).ok_or("the document is not open")?;
        document.change(text_document.version.unwrap_or(document.version), content_changes);
        self.update_module(&text_document.uri);
        Ok(())
    }

    fn close(&mut self, params: &lsp::DidCloseTextDocumentParams) -> Result<(), &'static str> {
        let uri = &params.text_document.uri;
        self.documents.close(&uri.0).ok_or("the document is not open")?;
        // The others of its module now depend on the file on disk.
        self.modules.forget();
        self.update_module(&uri.0);
        if !self.client.pulls {
            self.notify::<lsp::PublishDiagnosticsNotification>(&lsp::PublishDiagnosticsParams {
                uri: uri.clone(),
                version: None,
                diagnostics: Vec::new(),
            });
        }
        Ok(())
    }

    /// Shows each error in settings once.
    fn show_settings_errors(&mut self) {
        let errors = self.documents.iter().filter_map(|document| document.settings_error().map(str::to_owned));
        for error in errors.collect::<BTreeSet<_>>() {
            if self.shown_errors.insert(error.clone()) {
                self.notify::<lsp::ShowMessageNotification>(&lsp::ShowMessageParams {
                    kind: lsp::MessageType::Error,
                    message: format!("{error}; its documents are not linted until this is fixed"),
                });
            }
        }
    }

    /// Sends the diagnostics of every document that has changed, unless the client requests them.
    fn publish_diagnostics(&mut self) {
        if self.client.pulls {
            return;
        }
        let mut published = Vec::new();
        for document in self.documents.iter().filter(|document| document.has_changed) {
            document.has_changed = false;
            published.push(lsp::PublishDiagnosticsParams {
                uri: lsp::Uri(document.uri.clone()),
                version: Some(document.version),
                diagnostics: document.diagnostics(&self.client),
            });
        }
        for params in &published {
            self.notify::<lsp::PublishDiagnosticsNotification>(params);
        }
    }

    /// Makes a client that requests diagnostics request them again.
    fn refresh_diagnostics(&mut self) {
        if self.client.pulls && self.client.refreshes {
            self.request::<lsp::DiagnosticRefreshRequest>(&());
        }
    }

    fn diagnostics(&mut self, params: &lsp::DocumentDiagnosticParams) -> Value {
        let Some(document) = self.documents.get(&params.text_document.uri.0) else {
            return json!({ "kind": "full", "items": [] });
        };
        let result_id = document.revision.to_string();
        if params.previous_result_id.as_ref() == Some(&result_id) && !document.has_changed {
            return json!({ "kind": "unchanged", "resultId": result_id });
        }
        document.has_changed = false;
        json!({ "kind": "full", "resultId": result_id, "items": document.diagnostics(&self.client) })
    }

    fn code_actions(&mut self, params: &actions::Params) -> Option<Vec<lsp::CodeActionResponse>> {
        let document = self.documents.get(&params.text_document.uri.0)?;
        Some(CodeActions { report: document.report()?, document, client: &self.client, params }.all())
    }

    fn hover(&mut self, params: &lsp::HoverParams) -> Option<lsp::Hover> {
        let lsp::TextDocumentPositionParams { text_document, position } = &params.text_document_position_params;
        let document = self.documents.get(&text_document.uri.0)?;
        hover::at(document.draft_report()?, document.text().byte(*position), document.text(), &self.client)
    }

    fn completions(&mut self, params: &lsp::CompletionParams) -> Option<lsp::CompletionResponse> {
        let lsp::TextDocumentPositionParams { text_document, position } = &params.text_document_position_params;
        let document = self.documents.get(&text_document.uri.0)?;
        document.completions(document.text().byte(*position), &self.client).map(Into::into)
    }

    fn symbols(&mut self, params: &lsp::DocumentSymbolParams) -> Option<Vec<Value>> {
        let document = self.documents.get(&params.text_document.uri.0)?;
        Some(symbols::all(document.report()?, &document.uri, document.text(), &self.client))
    }

    /// Shows the page of a rule: in the browser if the client can open it there, else its summary in a message. The
    /// response is the page.
    fn execute_command(&mut self, params: lsp::ExecuteCommandParams) -> Result<Value, ResponseError> {
        if params.command != actions::EXPLAIN {
            return Err(error(ErrorCode::InvalidParams, "unknown command"));
        }
        let argument = params.arguments.unwrap_or_default().into_iter().next();
        let name = argument.as_ref().and_then(Value::as_str).unwrap_or_default();
        let policy = || self.documents.iter().find_map(|document| document.rule(name));
        let rule = crate::rule(name).map(RuleRef::from).or_else(policy);
        let rule = rule.ok_or_else(|| error(ErrorCode::InvalidParams, "expected the name of a rule"))?;
        if self.client.shows_documents {
            self.request::<lsp::ShowDocumentRequest>(&lsp::ShowDocumentParams {
                uri: lsp::Uri(rule.url()),
                external: Some(true),
                take_focus: None,
                selection: None,
            });
        } else {
            self.notify::<lsp::ShowMessageNotification>(&lsp::ShowMessageParams {
                kind: lsp::MessageType::Info,
                message: format!("{}: {} ({})", rule.name, rule.summary, rule.url()),
            });
        }
        Ok(rule.page().into())
    }

    fn notify<N: lsp::Notification>(&mut self, params: &N::Params) {
        self.outgoing.push(Notification::new(N::METHOD.to_string(), params).into());
    }

    /// Sends a request to the client. The server needs none of the responses.
    fn request<R: lsp::Request>(&mut self, params: &R::Params) {
        self.requests += 1;
        self.outgoing.push(Request::new(self.requests.into(), R::METHOD.to_string(), params).into());
    }
}

/// The request that a message cancels.
fn canceled_id(message: &Message) -> Option<RequestId> {
    match message {
        Message::Notification(notification) if notification.method == "$/cancelRequest" => {
            serde_json::from_value(notification.params.get("id")?.clone()).ok()
        }
        _ => None,
    }
}

/// The URIs of the open folders, from the parameters of `initialize`. Old clients send one folder at most.
fn folders(params: &Value) -> Vec<String> {
    let folders = params["workspaceFolders"].as_array().into_iter().flatten();
    let uris = folders.filter_map(|folder| folder["uri"].as_str().map(str::to_owned)).collect::<Vec<_>>();
    if uris.is_empty() { params["rootUri"].as_str().map(str::to_owned).into_iter().collect() } else { uris }
}

fn request_params<T: DeserializeOwned>(params: Value) -> Result<T, ResponseError> {
    // The deserializer's own message would quote the parameters, which may hold secrets.
    serde_json::from_value(params).map_err(|_| error(ErrorCode::InvalidParams, INVALID_PARAMS))
}

fn notification_params<T: DeserializeOwned>(params: Value) -> Result<T, &'static str> {
    serde_json::from_value(params).map_err(|_| INVALID_PARAMS)
}

fn respond(result: impl Serialize) -> Result<Value, ResponseError> {
    serde_json::to_value(result).map_err(|_| error(ErrorCode::InternalError, "the response cannot be serialized"))
}

/// An error response. Its message must not quote what the client has sent.
fn error(code: ErrorCode, message: &str) -> ResponseError {
    ResponseError { code: code as i32, message: message.to_owned(), data: None }
}

/// The protocol's parameters, except that clients may omit versions and send negative positions.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DidOpen {
    text_document: OpenedDocument,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OpenedDocument {
    uri: String,
    #[serde(default)]
    language_id: String,
    #[serde(default)]
    version: i32,
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DidChange {
    text_document: ChangedDocument,
    content_changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
struct ChangedDocument {
    uri: String,
    version: Option<i32>,
}
