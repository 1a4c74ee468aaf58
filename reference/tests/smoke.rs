//! Smoke test.
use deepshare_reference::backend::run::*;
use deepshare_reference::backend::*;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::*;
use deepshare_reference::plan::*;
use deepshare_reference::values::*;
struct Relu;
impl Program for Relu {
    async fn run<B: Backend>(&self, b: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let x = match own.into_iter().next() {
            Some(x) => x,
            None => B::Share::constant(Width::MAX, N, 0),
        };
        let (_, y) = b.activate(StepConvention::Nonnegative, &x, vec![], &Ranges::all(x.len()), &x).await?;
        let z = b.truncate(&y, 5).await?;
        Ok(vec![y, z])
    }
}
const N: usize = 1000;
#[test]
fn relu() {
    let w = Width::MAX;
    let x: Vec<u64> = (0..N as u64).map(|i| (i + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    let r: Vec<u64> = (0..N as u64).map(|i| (i + 7).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17)).collect();
    let x = Ring::new(w, x);
    let x0 = Ring::new(w, r);
    let x1 = x.sub(&x0).unwrap();
    let sides = Sides { server: vec![x0], client: vec![x1] };
    let out = gmw(&Relu, sides.clone(), &Seed([1; 32]), Session::default()).unwrap();
    let id = ideal(&Relu, sides, &Seed([1; 32]), Session::default()).unwrap();
    for o in [out.clone(), id] {
        let y = o.outputs.server[0].add(&o.outputs.client[0]).unwrap();
        let expect: Vec<i64> = x.to_integers().iter().map(|&v| v.max(0)).collect();
        assert_eq!(y.to_integers(), expect);
        let z = o.outputs.server[1].add(&o.outputs.client[1]).unwrap();
        let expect: Vec<i64> = expect.iter().map(|&v| v >> 5).collect();
        assert_eq!(z.to_integers(), expect);
    }
    println!("{:?}", out.transcript.cost(Phase::Online));
    for s in ["and/leaves", "and/products", "apply/delta", "apply/epsilon"] {
        println!("{s} {:?}", out.transcript.step_cost(s));
    }
}
