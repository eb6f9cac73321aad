//! The capabilities of the server, as its response to `initialize` lists them.

use gen_lsp_types as lsp;

use super::client::Client;
use super::text::Encoding;
use super::{actions, diagnostics};

/// What the server can do for this client.
pub(super) fn of_server(client: &Client) -> lsp::ServerCapabilities {
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
                // The files of a Terraform module depend on each other.
                inter_file_dependencies: true,
                ..lsp::DiagnosticOptions::default()
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
