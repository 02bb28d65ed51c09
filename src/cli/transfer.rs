//! `apply --to`: one endpoint's configuration on another, which keeps its id and its name.

use super::diff::unsent_differences;
use super::failure::Failure;
use super::write::{self, Planned, ReportShape, WriteContext, title};
use super::{output, target};
use crate::endpoint::EndpointConfig;
use crate::endpoint::edit::Edit;
use crate::exit_code::Exit;

/// Puts the configuration of an endpoint on another one.
///
/// # Errors
/// What keeps it from being sent; both are the same endpoint.
pub async fn run(writing: &WriteContext, from: &str, to: &str) -> Result<Exit, Failure> {
    let source = writing.unless_interrupted(target::load(&writing.cx, from)).await??;
    let mut planned = writing.load(&[to.to_owned()]).await?;
    for one in &mut planned {
        if one.id() == source.config.id {
            return Err(Failure::Usage(format!(
                "{} is both what is copied and where it would go; nothing was sent. Give two endpoints.",
                one.title()
            )));
        }
        let name = title(&source.config.id, &source.config.name);
        let unknown = source.config.unreported();
        if !unknown.is_empty() {
            let unknown: Vec<&str> = unknown.iter().map(|field| field.label()).collect();
            one.warnings.push(format!(
                "{name} doesn't tell its {}: what the endpoint has stays.",
                unknown.join(", ")
            ));
        }
        let differing = unsent_differences(&source, one.work.base());
        if !differing.is_empty() {
            one.warnings.push(format!(
                "What no update sets stays as it is, and is another one than that of {name}: {}.",
                differing.join(", ")
            ));
        }
        put(one, &name, source.config.clone());
    }
    write::run(writing, planned, ReportShape::Many).await
}

/// Makes an endpoint be as a configuration of another one says, and tells what stays.
pub fn put(one: &mut Planned, source: &str, mut new: EndpointConfig) {
    let old = one.work.now().clone();
    new.id.clone_from(&old.id);
    new.name.clone_from(&old.name);
    new.fill_unreported(&old);
    output::note(&output::faint(&format!(
        "{} keeps its id and its name.",
        output::safe(&one.title())
    )));
    if new != old {
        one.work.apply_given(Edit::Whole {
            name: format!("as {source}"),
            old: Box::new(old),
            new: Box::new(new),
        });
    }
}
