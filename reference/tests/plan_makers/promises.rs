//! What the makers promise, on random shapes.

use super::*;

/// The number of prototypes in each (height, width).
fn prototypes_by_resolution(plan: &Plan) -> BTreeMap<(usize, usize), usize> {
    let mut numbers = BTreeMap::new();
    for entry in plan.layers() {
        let prototypes = entry.channels.iter().filter(|channel| channel.source == Source::Prototype).count();
        *numbers.entry((entry.shape.height(), entry.shape.width())).or_default() += prototypes;
    }
    numbers
}

proptest! {
    #[test]
    fn groups_have_p_prototypes_a_layer(network in plans::any_shapes(5), prototypes in 1_usize..10) {
        for grouping in [Grouping::Modulo { prototypes }, Grouping::Contiguous { prototypes }] {
            let plan = groups(&network, grouping).unwrap();
            let fan_outs = plan.fan_outs();
            for (layer, shape) in network.iter().enumerate() {
                let own: Vec<u64> = fan_outs.iter().filter(|((l, _), _)| *l == layer).map(|(_, n)| *n).collect();
                prop_assert_eq!(own.len(), prototypes.min(shape.channels()));
                prop_assert!(own.iter().max().unwrap() - own.iter().min().unwrap() <= 1);
            }
        }
    }

    #[test]
    fn stage_has_p_prototypes_a_resolution(network in plans::any_shapes(6), prototypes in 1_usize..10) {
        let plan = stage(&network, Some(prototypes)).unwrap();
        let mut first = BTreeMap::new();
        for shape in &network {
            first.entry((shape.height(), shape.width())).or_insert(shape.channels().min(prototypes));
        }
        prop_assert_eq!(prototypes_by_resolution(&plan), first);
    }

    #[test]
    fn a_budget_is_kept_and_more_of_it_never_gives_fewer_drelus(network in plans::any_shapes(6)) {
        let sizes: BTreeSet<(usize, usize)> = network.iter().map(|shape| (shape.height(), shape.width())).collect();
        let floor = sizes.iter().map(|(h, w)| (h * w) as u64).sum::<u64>();
        let baseline = network.iter().map(|shape| shape.elements() as u64).sum::<u64>();
        if floor > 0 {
            let below = MakerError::BudgetBelowFloor { budget: floor - 1, floor };
            prop_assert_eq!(budget(&network, floor - 1), Err(below));
        }
        let mut last = 0;
        for n in floor..=baseline {
            let plan = budget(&network, n).unwrap();
            let drelus = plan.counts().drelus;
            prop_assert!(last <= drelus && drelus <= n, "{drelus} DReLUs with budget {n}, {last} with one less");
            last = drelus;
        }
        prop_assert_eq!(last, baseline);
    }

    #[test]
    fn agreement_assigns_the_nearest_prototype(
        (network, data) in plans::any_shapes(4).prop_flat_map(|network| {
            let layer = |shape: &Shape| proptest::collection::vec(
                proptest::collection::vec(any::<bool>(), shape.elements()), 3);
            let data: Vec<_> = network.iter().map(layer).collect();
            (Just(network), data)
        }),
        prototypes in 1_usize..5,
        across in any::<bool>(),
    ) {
        let sharing = if across { Sharing::Resolution } else { Sharing::Layer };
        let plan = plan::agreement(&network, WIDTH, STEP, &data, sharing, prototypes).unwrap();
        let row = |(layer, channel): (usize, usize)| -> Vec<bool> {
            let area = network[layer].area();
            data[layer].iter().flat_map(|sample| sample[channel * area..(channel + 1) * area].to_vec()).collect()
        };
        let differences = |a, b| row(a).iter().zip(row(b)).filter(|(x, y)| **x != *y).count();
        let all: Vec<(usize, usize)> = plan.fan_outs().into_keys().collect();
        for (layer, prototypes_used) in used(&plan).iter().enumerate() {
            for (channel, chosen) in prototypes_used.iter().enumerate() {
                let slot = (layer, channel);
                let shared = |p: &(usize, usize)| {
                    let (a, b) = (network[p.0], network[layer]);
                    if across { (a.height(), a.width()) == (b.height(), b.width()) } else { p.0 == layer }
                };
                let nearest = all.iter().filter(|p| shared(p)).min_by_key(|p| (differences(slot, **p), **p)).unwrap();
                prop_assert_eq!(*chosen, if all.contains(&slot) { slot } else { *nearest });
            }
        }
        let wanted = |shape: &Shape| prototypes.min(shape.channels());
        if across {
            let mut first = BTreeMap::new();
            for shape in &network {
                first.entry((shape.height(), shape.width())).or_insert(wanted(shape));
            }
            prop_assert_eq!(prototypes_by_resolution(&plan), first);
        } else {
            prop_assert_eq!(all.len(), network.iter().map(wanted).sum::<usize>());
        }
    }
}
