//! What a run prints: text for people, an object for programs.

use anyhow::Result;
use serde_json::json;

use super::Run;

pub(super) fn text(run: &Run) {
    for failure in &run.failures {
        println!("\n{failure}");
    }
    println!(
        "prove: {}: {} functions, {} proved for every input, {} not, {:.1} s",
        run.build.about,
        run.functions,
        run.functions - run.failures.len(),
        run.failures.len(),
        run.seconds
    );
}

pub(super) fn json(runs: &[Run]) -> Result<()> {
    let functions: usize = runs.iter().map(|run| run.functions).sum();
    let failed: usize = runs.iter().map(|run| run.failures.len()).sum();
    let builds: Vec<_> = runs
        .iter()
        .map(|run| {
            json!({
                "build": run.build.name,
                "functions": run.functions,
                "proved": run.functions - run.failures.len(),
                "failed": run.failures.len(),
                "seconds": run.seconds,
                "failures": run.failures,
            })
        })
        .collect();
    let object = json!({
        "functions": functions,
        "proved": functions - failed,
        "failed": failed,
        "seconds": runs.iter().map(|run| run.seconds).sum::<f64>(),
        "builds": builds,
    });
    println!("{}", serde_json::to_string(&object)?);
    Ok(())
}
