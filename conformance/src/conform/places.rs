//! What an index of a flat list stands for: layer, channel, row, column, and what the plan says there. [DS-VAL-5]

use crate::vectors::case::Case;
use serde_json::Value;

/// What stands at a path of an output, or of a step, of this case.
pub(super) fn describe(case: &Case, path: &str) -> Option<String> {
    let indices = indices(path);
    match (case.operation.as_str(), indices.as_slice()) {
        ("activation" | "shared-activation", &[layer, element, ..]) => activation(case, layer, element),
        ("linear", &[element]) => {
            let shape = shape(case.expect.output.as_ref()?.get("shape")?)?;
            Some(neuron(shape, element)?.0)
        }
        _ => None,
    }
}

/// The numbers in brackets of a path, in order.
fn indices(path: &str) -> Vec<usize> {
    path.split('[').skip(1).filter_map(|rest| rest.split_once(']')?.0.parse().ok()).collect()
}

fn shape(value: &Value) -> Option<[usize; 3]> {
    let sizes: Option<Vec<usize>> = value.as_array()?.iter().map(|size| usize::try_from(size.as_u64()?).ok()).collect();
    sizes?.try_into().ok()
}

fn activation(case: &Case, layer: usize, element: usize) -> Option<String> {
    let of_plan = case.input.get("plan")?.get("layers")?.get(layer)?;
    let (place, channel) = neuron(shape(of_plan.get("shape")?)?, element)?;
    let entry = of_plan.get("channels")?.get(channel)?;
    Some(format!("layer {layer}, {place}; the plan has there {}", super::forms::text(entry)))
}

/// The place of an element among the neurons of images, each channel by channel and row by row; and its channel.
fn neuron([channels, height, width]: [usize; 3], element: usize) -> Option<(String, usize)> {
    let area = height.checked_mul(width)?;
    let image = element.checked_div(area.checked_mul(channels)?)?;
    let channel = element.checked_div(area)?.checked_rem(channels)?;
    let (row, column) = (element.checked_rem(area)?.checked_div(width)?, element.checked_rem(width)?);
    let image = if image > 0 { format!("image {image}, ") } else { String::new() };
    Some((format!("{image}channel {channel}, row {row}, column {column}"), channel))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::fixture::case;
    use serde_json::json;

    #[test]
    fn elements_are_counted_by_image_channel_row_and_column() {
        let place = |element| neuron([2, 2, 3], element).unwrap();
        assert_eq!(place(0), ("channel 0, row 0, column 0".to_owned(), 0));
        assert_eq!(place(5), ("channel 0, row 1, column 2".to_owned(), 0));
        assert_eq!(place(7), ("channel 1, row 0, column 1".to_owned(), 1));
        assert_eq!(place(12 + 9), ("image 1, channel 1, row 1, column 0".to_owned(), 1));
        assert_eq!(neuron([0, 1, 1], 0), None);
        assert_eq!(indices("output.outputs[12][3]"), [12, 3]);
    }
    #[test]
    fn what_stands_at_a_path_is_told_of_operations_with_shapes() {
        let case = |operation: &str, input: Value, output: Value| {
            let mut case = case("plaintext", operation, input);
            case.expect.output = Some(output);
            case
        };
        let layer = |source: &str| json!({"shape": [2, 1, 3], "channels": [{"source": "linear"}, {"source": source}]});
        let plan = json!({"plan": {"layers": [layer("replicate"), layer("prototype")]}});
        for operation in ["activation", "shared-activation"] {
            let case = case(operation, plan.clone(), json!({}));
            let told = describe(&case, "output.outputs[1][4]").unwrap();
            assert_eq!(told, "layer 1, channel 1, row 0, column 1; the plan has there {\"source\":\"prototype\"}");
            assert_eq!(describe(&case, "output.outputs[2][4]"), None, "there is no such layer");
            assert_eq!(describe(&case, "output.outputs[1]"), None);
        }
        let shape = json!({"shape": [2, 1, 3]});
        let of = |operation: &str, path: &str| describe(&case(operation, plan.clone(), shape.clone()), path);
        assert_eq!(of("linear", "output.y[5]").as_deref(), Some("channel 1, row 0, column 2"));
        assert_eq!(of("linear", "output.y[5][0]"), None);
        assert_eq!(of("drelu", "output.bits[1][4]"), None);
        assert_eq!(describe(&case("linear", json!({}), json!({"shape": [2, 3]})), "output.y[5]"), None);
    }
}
